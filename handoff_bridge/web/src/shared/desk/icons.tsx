import { circle, drawn } from "../icons";

/** Icons only agents see. */
export const KeyboardIcon = drawn("M2.5 6.500h19v11h-19z", "M6 10h.1M10 10h.1M14 10h.1M18 10h.1M7 14h10");
export const NotUnderstoodIcon = drawn(
  circle(12, 12, 8.5),
  "M9.500 9.700a2.500 2.500 0 1 1 3.600 2.300c-.8.400-1.100.9-1.100 1.700",
  "M12 16.500v.1",
);
export const UpsetIcon = drawn(
  circle(12, 12, 8.5),
  "M8.500 16c1.800-2.300 5.200-2.300 7 0",
  "M9 10v.1M15 10v.1",
);
export const LoopIcon = drawn(
  "M5 12a7 7 0 0 1 12-5l2 2",
  "M19 4.500V9h-4.500",
  "M19 12a7 7 0 0 1-12 5l-2-2",
  "M5 19.500V15h4.500",
);
export const LayersIcon = drawn("M12 3.500 3 8.500l9 5 9-5z", "M3 13l9 5 9-5");
export const PlugIcon = drawn("M9 3v5M15 3v5", "M6 8h12v3.500a6 6 0 0 1-12 0z", "M12 17.500V21");
export const EyeOffIcon = drawn(
  "M3 3l18 18",
  "M9.900 5.700A9.700 9.700 0 0 1 12 5.500c5 0 8.500 4 9.500 6.500a12 12 0 0 1-2.600 3.700",
  "M6.300 7.300A12.600 12.600 0 0 0 2.500 12c1 2.500 4.500 6.500 9.500 6.500 1.600 0 3-.4 4.300-1",
  "M10 10a3 3 0 0 0 4.100 4.200",
);
export const PanelIcon = drawn("M3.500 5h17v14h-17z", "M14.500 5v14");
export const ChartIcon = drawn("M4 20h16", "M7 20v-6M12 20V8M17 20V4.500");
export const InboxIcon = drawn("M4 13.500 6.500 5h11l2.500 8.500V19H4z", "M4 13.500h5l1 2.500h4l1-2.500h5");
export const LogOutIcon = drawn("M14 4.500h4.500v15H14", "M14 12H4", "M8 8l-4 4 4 4");
export const AlarmIcon = drawn(circle(12, 13, 7.5), "M12 9v4l2.500 2", "M3.500 6.500l3-3M20.500 6.500l-3-3");
export const AtIcon = drawn(
  circle(12, 12, 3.5),
  "M15.500 8.500v5a2.500 2.500 0 0 0 5 0V12a8.500 8.500 0 1 0-3.500 6.900",
);
export const LockIcon = drawn("M6 11h12v9H6z", "M8.500 11V8a3.500 3.500 0 0 1 7 0v3");
export const CopyIcon = drawn("M8.500 8.500h11v11h-11z", "M15.500 8.500v-4h-11v11h4");
export const BoltIcon = drawn("M13 3 5 13.500h6L10.500 21 19 10.500h-6z");
export const StarIcon = drawn(
  "M12 3.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900-5.200-2.800-5.200 2.800 1-5.900-4.300-4.100 5.900-.8z",
);
export const ReleaseIcon = drawn("M5 4.500h14", "M12 20V9", "M7.500 13.500 12 9l4.500 4.500");
export const TransferIcon = drawn("M4 8h15", "M15 4l4 4-4 4", "M20 16H5", "M9 12l-4 4 4 4");
export const UnverifiedIcon = drawn(
  "M12 3l8 3v6c0 4.700-3.200 7.700-8 9-4.800-1.300-8-4.300-8-9V6z",
  "M9 12h6",
);
export const FileIcon = drawn(
  "M20 11.500l-8.200 8.200a5 5 0 0 1-7.100-7.100l8.600-8.600a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400l7.800-7.800",
);
export const PlaneIcon = drawn("M21 4 3 11l6 2.500 2 6 3.500-4 5 3.500z", "M9 13.500 21 4");
export const WhatsAppIcon = drawn(
  "M3.500 20.500l1.300-4.500a8.500 8.500 0 1 1 3.400 3.300z",
  "M9 8.200c-.3 3.800 3 7 6.800 6.600l.7-1.700-2.300-1.200-1 1a5 5 0 0 1-2.300-2.300l1-1L10.700 7.400z",
);
export const SmsIcon = drawn(
  "M3.500 5h17v11.500h-9l-4.500 4v-4h-3.500z",
  "M8 10.700h.1M12 10.700h.1M16 10.700h.1",
);
export const PhoneIcon = drawn("M7 2.500h10v19H7z", "M11 18.500h2");
export const CallIcon = drawn(
  "M5 3.500h4l1.500 5-2.500 1.500a11 11 0 0 0 6 6l1.500-2.500 5 1.500v4a1.500 1.500 0 0 1-1.600 1.500A16.500 16.500 0 0 1 3.500 5.100 1.500 1.500 0 0 1 5 3.500z",
);
export const MailIcon = drawn("M3 5.500h18v13H3z", "M3.500 6l8.500 7 8.500-7");
export const CheckTwiceIcon = drawn("M2 12.500l4 4L14.500 8", "M11.500 16.500 20.500 8");
export const EyeIcon = drawn(
  "M2.500 12C4 9 7.500 5.500 12 5.500S20 9 21.500 12C20 15 16.500 18.500 12 18.500S4 15 2.500 12z",
  circle(12, 12, 2.8),
);
export const DocumentIcon = drawn("M6 3h8l4.500 4.500V21H6z", "M14 3v4.500h4.500", "M9 12.500h6M9 16.500h6");

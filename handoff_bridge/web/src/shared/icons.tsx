import type { ComponentChildren } from "preact";

/** Line icons, 24 by 24, drawn for these pages. They are decoration: the control that holds one carries the name. */
type Props = { small?: boolean };

function Icon({ small = false, children }: Props & { children: ComponentChildren }) {
  return (
    <svg
      class={`icon ${small ? "icon-small" : ""}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function drawn(...paths: string[]) {
  return (props: Props) => (
    <Icon {...props}>
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </Icon>
  );
}

export const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

/** The brand's logo, which the brand's stylesheet draws. */
export function LogoIcon({ small = false }: Props) {
  return <span class={`icon logo ${small ? "icon-small" : ""}`} aria-hidden="true" />;
}
export const ChatIcon = drawn("M4 5.5h16v11H10.5L6 20.5v-4H4z");
export const SendIcon = drawn("M4.5 12 4 4.5 20.5 12 4 19.5z", "M4.5 12H12");
export const PhotoIcon = drawn("M3.5 6.5h4l1.5-2h6l1.5 2h4v12h-17z", circle(12, 12.5, 3.5));
export const MenuIcon = drawn(circle(12, 5, 0.6), circle(12, 12, 0.6), circle(12, 19, 0.6));
export const CloseIcon = drawn("M6 6l12 12", "M18 6 6 18");
export const ArrowDownIcon = drawn("M12 5v14", "M6 13l6 6 6-6");
export const MinimiseIcon = drawn("M5 9l7 7 7-7");
export const PersonIcon = drawn(circle(12, 8, 4), "M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6");
export const PeopleIcon = drawn(
  circle(9, 8.5, 3.5),
  "M2.5 20c.6-3.6 3-5.5 6.500-5.5s5.900 1.900 6.500 5.500",
  "M15.500 5.300a3.500 3.500 0 0 1 0 6.400",
  "M17.500 14.900c2.200.700 3.600 2.400 4 5.100",
);
export const DownloadIcon = drawn("M12 4v11", "M7 10.500l5 5 5-5", "M4.500 19.500h15");
export const EndIcon = drawn("M10 4.500H5.500v15H10", "M10 12h10", "M16 8l4 4-4 4");
export const CheckIcon = drawn("M5 12.500l4.500 4.500L19 7");
export const ClockIcon = drawn(circle(12, 12, 8.5), "M12 7.500V12l3 2");
export const WarningIcon = drawn("M12 4 2.500 20h19z", "M12 10v4.500", "M12 17.200v.1");
export const OfflineIcon = drawn(
  "M3 3l18 18",
  "M6.300 9.800A11 11 0 0 1 9 8.300",
  "M13.500 7.600a11 11 0 0 1 7 2.900",
  "M9 14a6 6 0 0 1 4-1.200",
  "M12 18.500v.1",
);
export const RetryIcon = drawn("M19.500 12a7.500 7.500 0 1 1-2.400-5.500", "M19.500 3.500v4h-4");
export const SunIcon = drawn(
  circle(12, 12, 4),
  "M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
);
export const MoonIcon = drawn("M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z");
export const SearchIcon = drawn(circle(10.5, 10.5, 6.5), "M15.500 15.500 21 21");
export const BackIcon = drawn("M19.500 12h-15", "M11 5l-7 7 7 7");
export const TruckIcon = drawn(
  "M2.500 6h12v11h-12z",
  "M14.500 10h4l3 3.500V17h-7z",
  circle(7, 18, 1.8),
  circle(17.5, 18, 1.8),
);
export const ReturnIcon = drawn("M8.500 4.500 4 9l4.500 4.500", "M4 9h10a6 6 0 0 1 0 12H9");
export const ShieldIcon = drawn(
  "M12 3l8 3v6c0 4.700-3.200 7.700-8 9-4.800-1.300-8-4.300-8-9V6z",
  "M8.500 12l2.500 2.500 4.500-5",
);
export const InfoIcon = drawn(circle(12, 12, 8.5), "M12 11v5", "M12 8v.1");
export const NoteIcon = drawn("M5 4h14v11l-5 5H5z", "M14 20v-5h5", "M8.500 8.500h7M8.500 12h4");
export const BellIcon = drawn(
  "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15z",
  "M10 20.500a2 2 0 0 0 4 0",
);
export const BellOffIcon = drawn(
  "M3 3l18 18",
  "M6 10.500v6L4.500 18H16",
  "M9 5.800A6 6 0 0 1 18 11v3",
  "M10 20.500a2 2 0 0 0 4 0",
);
export const ThumbUpIcon = drawn(
  "M7.500 11 11 3.500c1.700 0 2.700 1.200 2.500 2.800L13 9.500h6.500l-1.500 10h-10.500z",
  "M3.500 11h4v8.500h-4z",
);
export const ThumbDownIcon = drawn(
  "M7.500 13 11 20.500c1.700 0 2.700-1.200 2.500-2.800L13 14.500h6.500L18 4.500H7.500z",
  "M3.500 4.500h4V13h-4z",
);
export const TableIcon = drawn("M3.500 5h17v14h-17z", "M3.500 10h17M9.500 5v14");
export const LinkIcon = drawn(
  "M10 13.500a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300",
  "M14 10.500a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300",
);

import type {
  ChannelCheck,
  ChannelChecks,
  ChannelSample,
  ChannelState,
  Channels,
} from "../../shared/contract";
import { call, post } from "../../shared/desk/api";

const at = (name: string, deed: string) => `/channels/${encodeURIComponent(name)}/${deed}`;

export const fetchChannels = async (): Promise<ChannelState[]> =>
  (await call<Channels>("/channels")).channels;
export const checkChannel = async (name: string): Promise<ChannelCheck[]> =>
  (await call<ChannelChecks>(at(name, "check"), post({}))).checks;
export const sampleChannel = (name: string) => call<ChannelSample>(at(name, "sample"), post({}));
export const setUpChannel = (name: string) => call(at(name, "set-up"), post({}));

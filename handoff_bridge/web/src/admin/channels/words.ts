import type {
  ChannelAbilities,
  ChannelBacklog,
  ChannelFailure,
  ChannelSample,
  ChannelState,
} from "../../shared/contract";
import { nearTime } from "../../shared/time";

type Tone = "good" | "amber" | "red";
export type Standing = { word: string; tone: Tone };

// A platform that is down for a moment is asked again within minutes.
const LONG_MS = 10 * 60_000;

const isLong = ({ oldest_at: since }: ChannelBacklog, now: Date): boolean =>
  since !== undefined && now.getTime() - new Date(since).getTime() > LONG_MS;

/** How a channel is doing, in a word. */
export function standing(channel: ChannelState, now: Date): Standing {
  const { incoming, outgoing, last_failure: failure, heard_at: heard, sent_at: sent } = channel;
  if (isLong(incoming, now) || isLong(outgoing, now)) return { word: "Not getting through", tone: "red" };
  if (failure && (!sent || failure.at > sent)) return { word: "Last message failed", tone: "amber" };
  return { word: heard || sent ? "Working" : "No messages yet", tone: "good" };
}

/** What the platform takes, and what it does not. */
export function abilities(can: ChannelAbilities): string {
  return [
    can.buttons > 0 ? "buttons" : "numbered lists instead of buttons",
    can.files ? "photos and PDFs" : "files as links",
    can.typing && "typing",
    can.window_hours && `replies within ${can.window_hours} hours of the customer's last message`,
    can.reports.includes("read")
      ? "tells what was read"
      : can.reports.includes("delivered") && "tells what arrived",
  ]
    .filter(Boolean)
    .join(" · ");
}

const REASONS: Record<NonNullable<ChannelFailure["reason"]>, string> = {
  blocked: "the customer has blocked us",
  credentials: "the platform does not accept our credentials",
  expired: "it could not be sent within a day",
  file_refused: "the platform refused the file",
  refused: "the platform refused it",
  unknown_address: "nobody has that address",
  unreachable: "the customer or the platform was not reached",
  window_closed: "the customer's last message was too long ago",
};

/** Why the newest failed message has failed. */
export function failureWords({ at, reason, detail }: ChannelFailure, now: Date): string {
  const why = reason ? REASONS[reason] : "the platform did not say why";
  return `${nearTime(at, now)}: ${why}${detail ? ` (${detail})` : ""}.`;
}

/** What waits, and since when. */
export function backlogWords({ count, oldest_at: since }: ChannelBacklog, now: Date): string {
  if (count === 0 || !since) return "None";
  return `${count}, the oldest since ${nearTime(since, now)}`;
}

export type Step = { name: string; passed: boolean; advice?: string | undefined };

/** What a sample went through. */
export function sampleSteps(sample: ChannelSample): Step[] {
  const steps: [string, boolean | undefined][] = [
    ["Its signature was accepted", sample.verified],
    ["A changed signature was refused", sample.forgery_refused],
    ["It was written down and worked on", sample.taken],
    ["Sent twice, it was taken once", sample.repeated],
  ];
  return steps.flatMap(([name, passed]) => (passed === undefined ? [] : [{ name, passed }]));
}

/** Which way a sample went. */
export function sampleWay({ via, secs, address }: ChannelSample): string {
  if (!via) return "No way in was open.";
  if (via === "public") return `Sent to ${address}, worked on in ${secs.toFixed(1)} s.`;
  return `The public address did not answer from here, so it was tried inside the bridge, in ${secs.toFixed(1)} s. The platform may reach it all the same.`;
}

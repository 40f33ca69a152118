import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { ChannelCheck, ChannelFigures, ChannelSample, ChannelState } from "../../shared/contract";
import { CopyIcon } from "../../shared/desk/icons";
import { Problem } from "../../shared/desk/Problem";
import { nearTime } from "../../shared/time";
import { ActionDialog } from "../ActionDialog";
import { useSending } from "../useSending";
import { checkChannel, sampleChannel, setUpChannel } from "./api";
import { Steps } from "./Steps";
import { abilities, backlogWords, failureWords, sampleSteps, sampleWay, standing } from "./words";

type Result = { what: "checks"; checks: ChannelCheck[] } | { what: "sample"; sample: ChannelSample };
type Deed = "check" | "sample";
type Props = { channel: ChannelState; onChanged: () => Promise<void> };

/** A channel, how it is doing, and trying whether it works. */
export function ChannelCard({ channel, onChanged }: Props) {
  const { problem, busy, send } = useSending();
  const [deed, setDeed] = useState<Deed>();
  const [result, setResult] = useState<Result>();
  const [asks, setAsks] = useState(false);
  const now = new Date();
  const { name, title, last_failure: failure } = channel;
  const { word, tone } = standing(channel, now);
  const run = (wanted: Deed, work: () => Promise<Result>) => () => {
    setDeed(wanted);
    setResult(undefined);
    return send(async () => setResult(await work()));
  };
  const isUnderWay = busy && !result && !problem;
  const check = run("check", async () => ({ what: "checks", checks: await checkChannel(name) }));
  const sample = run("sample", async () => ({ what: "sample", sample: await sampleChannel(name) }));
  const setUp = async () => {
    await setUpChannel(name);
    setAsks(false);
    await onChanged();
    await check();
  };
  return (
    <section class="panel channel" aria-labelledby={`channel-${name}`}>
      <header class="channel-head">
        <h3 id={`channel-${name}`}>{title}</h3>
        <span class={`chip channel-${tone}`}>{word}</span>
      </header>
      <Address title={title} value={channel.address} />
      <Figures channel={channel} />
      <dl class="channel-facts">
        <Fact
          name="Last message in"
          value={channel.heard_at ? nearTime(channel.heard_at, now) : "None yet"}
        />
        <Fact name="Last message out" value={channel.sent_at ? nearTime(channel.sent_at, now) : "None yet"} />
        <Fact name="In, not worked on yet" value={backlogWords(channel.incoming, now)} />
        <Fact name="Out, not sent yet" value={backlogWords(channel.outgoing, now)} />
        <Fact name="Last failure" value={failure ? failureWords(failure, now) : "None"} />
        <Fact name="Can do" value={abilities(channel.can)} />
      </dl>
      <div class="row">
        <Button disabled={isUnderWay} onClick={check}>
          Check
        </Button>
        <Button disabled={isUnderWay} onClick={sample}>
          Send a sample
        </Button>
        {channel.sets_up && <Button onClick={() => setAsks(true)}>Set up</Button>}
      </div>
      <div role="status" class="channel-result">
        {isUnderWay && (
          <p class="soft">
            {deed === "check" ? `Asking ${title}…` : "Sending a sample to the public address…"}
          </p>
        )}
        {result?.what === "checks" && <Steps title={`What ${title} says`} steps={result.checks} />}
        {result?.what === "sample" && (
          <>
            <Steps title="The sample" steps={sampleSteps(result.sample)} />
            <p class="soft">{sampleWay(result.sample)} No chat comes of it.</p>
            {!result.sample.passed && result.sample.advice.map((one) => <p key={one}>{one}</p>)}
          </>
        )}
      </div>
      <Problem text={problem} />
      {asks && (
        <ActionDialog
          title={`Set up ${title}`}
          button="Set up"
          danger={false}
          act={setUp}
          onClose={() => setAsks(false)}
        >
          <p>
            {title} is told to send messages to <span class="channel-url">{channel.address}</span>. Wherever
            it sent them before gets none any more.
          </p>
        </ActionDialog>
      )}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The public address, with a button that copies it. */
function Address({ title, value }: { title: string; value: string }) {
  const [told, setTold] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setTold("Copied.");
    } catch {
      setTold("Select the address and copy it.");
    }
  };
  return (
    <div class="channel-address">
      <span class="soft">Address to enter at the platform</span>
      <code class="channel-url">{value}</code>
      <Button size="small" aria-label={`Copy the address of ${title}`} onClick={copy}>
        <CopyIcon small /> Copy
      </Button>
      <span role="status" class="soft">
        {told}
      </span>
    </div>
  );
}

const ROWS: [keyof ChannelFigures, string, string][] = [
  ["taken", "Events in", "Messages and reports that came in, each once"],
  ["sent", "Sent", "Messages that the platform took"],
  ["delivered", "Delivered", "As the platform tells"],
  ["read", "Read", "As the platform tells"],
  ["failed", "Failed", "Messages that did not get there"],
  ["refused", "Forged", "Requests that did not prove to come from the platform"],
  ["malformed", "Malformed", "Requests that could not be read"],
  ["repeated", "Repeated", "Came again, and were taken once"],
  ["given_up", "Given up", "Nothing could be made of them; the bridge's log says why"],
];
const BAD = new Set(["failed", "refused", "malformed", "given_up"]);

/** Counts, without those that the platform does not tell. */
function Figures({ channel: { today, week, can } }: { channel: ChannelState }) {
  const isTold = ([key]: (typeof ROWS)[number]) =>
    (key !== "delivered" && key !== "read") || can.reports.includes(key);
  return (
    <dl class="channel-figures">
      {ROWS.filter(isTold).map(([key, word, meaning]) => (
        <div
          key={key}
          class={BAD.has(key) && week[key] > 0 ? "channel-figure channel-bad" : "channel-figure"}
        >
          <dt title={meaning}>{word}</dt>
          <dd>
            <strong>{today[key].toLocaleString()}</strong> <span class="soft">today</span>
          </dd>
          <dd class="soft">{week[key].toLocaleString()} in 7 days</dd>
        </div>
      ))}
    </dl>
  );
}

import { useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Ways } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { AlarmIcon, CallIcon, MailIcon } from "../../shared/desk/icons";
import { WarningIcon } from "../../shared/icons";
import type { ChannelDesk } from "../net/channel";

type Props = {
  channel: ChannelDesk;
  conversationId: string;
  customer: string;
  /** The message that did not get there, if it is about one. */
  seq?: number | undefined;
  onRemind: () => void;
  onClose: () => void;
};

/** How else to reach a customer. The number is asked for here, and for whoever has the chat alone. */
export function WaysDialog({ channel, conversationId, customer, seq, onRemind, onClose }: Props) {
  const [ways, setWays] = useState<Ways | { problem: string }>();
  const [problem, setProblem] = useState<string>();
  const [mailed, setMailed] = useState<"no" | "sending" | "yes">("no");
  useEffect(() => {
    let isGone = false;
    void channel.ways(conversationId).then((found) => !isGone && setWays(found));
    return () => {
      isGone = true;
    };
  }, [channel, conversationId]);
  const mail = async () => {
    if (seq === undefined || mailed !== "no") return;
    setMailed("sending");
    const ack = await channel.mail(conversationId, seq);
    setMailed(ack.ok ? "yes" : "no");
    setProblem(ack.ok ? undefined : ack.message);
  };
  const known = ways && !("problem" in ways) ? ways : undefined;
  const wrong = problem ?? (ways && "problem" in ways ? ways.problem : undefined);
  return (
    <Dialog title={`Reach ${customer} another way`} onClose={onClose}>
      <div class="ways" aria-busy={ways === undefined}>
        {wrong && (
          <p class="field-problem" role="alert">
            <WarningIcon small /> {wrong}
          </p>
        )}
        {known && !known.phone && !known.email && (
          <p class="soft">No email address and no phone number of theirs is known here.</p>
        )}
        {known?.email && seq !== undefined && (
          <div class="way">
            <MailIcon />
            <p>
              <strong>By mail</strong>
              <span class="soft">{`The same message, to ${known.email}`}</span>
            </p>
            {mailed === "yes" ? (
              <span role="status">On its way</span>
            ) : (
              <Button size="small" aria-disabled={mailed !== "no"} onClick={mail}>
                Send by mail
              </Button>
            )}
          </div>
        )}
        {known?.phone && (
          <div class="way">
            <CallIcon />
            <p>
              <strong>Call back</strong>
              <span class="soft">{known.phone}</span>
            </p>
            <a class="button button-small" href={`tel:${known.phone}`}>
              Call
            </a>
          </div>
        )}
        <div class="way">
          <AlarmIcon />
          <p>
            <strong>Later</strong>
            <span class="soft">The chat comes back to you when it is time</span>
          </p>
          <Button size="small" onClick={onRemind}>
            Remind me…
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

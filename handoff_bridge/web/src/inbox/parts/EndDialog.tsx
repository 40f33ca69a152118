import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Message } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { customerName, filesWord, firstName, heading } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import type { Ack } from "../net/caller";
import { type Ending, type EndingProps, useEnding } from "../useEnding";
import { EndFields } from "./EndFields";
import { EndPreview } from "./EndPreview";

type Props = EndingProps & { onCancel: () => void };

/** Ends the agent's part: back to the assistant, or closed. */
export function EndDialog(props: Props) {
  const { kind, row, onCancel } = props;
  const ending = useEnding(props);
  const returning = kind === "return";
  const who = customerName(row.customer.name);
  const wait = returning ? "Returning…" : "Closing…";
  return (
    <Dialog
      title={returning ? `Return ${who} to ${brand.assistant}` : `Close the chat with ${who}`}
      kind="wide"
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>Keep the chat</Button>
          <Button kind="primary" type="submit" form="end-form" aria-disabled={!ending.ready}>
            {ending.busy ? wait : returning ? `Return to ${brand.assistant}` : "Close chat"}
          </Button>
        </>
      }
    >
      <form id="end-form" class="end-form" onSubmit={ending.submit}>
        <div class="end-fields">
          <Notices ending={ending} who={who} />
          <EndFields ending={ending} returning={returning} who={who} />
        </div>
        <EndPreview
          kind={kind}
          row={row}
          // Until one is chosen, as most chats end.
          ending={{ disposition: ending.disposition ?? "resolved", ...(returning && ending.forReturning) }}
        />
      </form>
    </Dialog>
  );
}

function Notices({ ending, who }: { ending: Ending; who: string }) {
  return (
    <>
      {ending.unread.length > 0 && <WroteAgain who={who} unread={ending.unread} onRead={ending.markRead} />}
      {ending.refusal && <Refused refusal={ending.refusal} slot={nameOf(ending)} />}
    </>
  );
}

const nameOf = ({ wrongSlot, labels }: Ending): string | undefined =>
  wrongSlot && heading(wrongSlot, labels[wrongSlot]?.label);

export function WroteAgain({ who, unread, onRead }: { who: string; unread: Message[]; onRead: () => void }) {
  return (
    <div class="wrote-again">
      <Banner
        tone="amber"
        icon={<WarningIcon small />}
        actions={
          <Button size="small" onClick={onRead}>
            I have read it
          </Button>
        }
      >
        {firstName(who)} wrote again: read it first.
      </Banner>
      {unread.map((event) => (
        <blockquote key={event.seq}>{event.text || filesWord(event.attachments)}</blockquote>
      ))}
    </div>
  );
}

export function Refused({
  refusal,
  slot,
}: {
  refusal: Extract<Ack, { ok: false }>;
  slot: string | undefined;
}) {
  const said: Record<string, string> = {
    bot_unavailable: `${brand.assistant} does not answer right now, so the chat stays with you. Try again in a moment, or close it.`,
    unknown_slot: slot
      ? `${brand.assistant} does not keep “${slot}”. Set it back, or leave it out.`
      : `${brand.assistant} does not keep one of these facts. Set them back, or leave them out.`,
    no_answer: "The server does not answer. Your chat and this form stay as they are.",
    not_owner: "This chat is no longer yours.",
  };
  return (
    <div role="alert">
      <Banner tone="red" icon={<WarningIcon small />}>
        {said[refusal.error] ?? (refusal.message || "That did not work. Try again in a moment.")}
      </Banner>
    </div>
  );
}

import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Reminder } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { customerName } from "../../shared/desk/words";
import type { Work } from "../net/work";
import { RemindFields, useRemind } from "./RemindFields";

type Props = {
  work: Work;
  conversationId: string;
  name: string | undefined;
  /** The one that is put off, if any. */
  reminder?: Reminder | undefined;
  onClose: () => void;
};

/** Has a chat come back. */
export function RemindDialog({ work, conversationId, name, reminder, onClose }: Props) {
  const remind = useRemind({ when: reminder ? "hour" : "tomorrow", text: reminder?.text ?? "" });
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const due = remind.check();
    if (!due || busy) return;
    setBusy(true);
    const ack = await work.remind({
      conversation_id: conversationId,
      ...due,
      ...(reminder && { reminder_id: reminder.reminder_id }),
    });
    setBusy(false);
    if (ack.ok) onClose();
    else remind.setProblem(ack.message);
  };
  return (
    <Dialog
      title={`${reminder ? "Put off the reminder of" : "Remind me of"} ${customerName(name)}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="remind-form" aria-disabled={busy}>
            {reminder ? "Put off" : "Set reminder"}
          </Button>
        </>
      }
    >
      <form id="remind-form" class="end-fields" onSubmit={submit}>
        <RemindFields remind={remind} legend="When?" />
      </form>
    </Dialog>
  );
}

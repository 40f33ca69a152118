import type { ComponentChildren } from "preact";
import { Button } from "../shared/Button";
import { Dialog } from "../shared/desk/Dialog";
import { Problem } from "../shared/desk/Problem";
import { useSending } from "./useSending";

type Props = {
  title: string;
  button: string;
  danger: boolean | undefined;
  /** Closes the dialog once it is done. */
  act: () => Promise<void>;
  onClose: () => void;
  children: ComponentChildren;
};

/** Says what will happen, and does it. */
export function ActionDialog({ title, button, danger, act, onClose, children }: Props) {
  const { problem, busy, send } = useSending();
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind={danger ? "danger" : "primary"} disabled={busy} onClick={() => send(act)}>
        {button}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <div class="stack">
        {children}
        <Problem text={problem} />
      </div>
    </Dialog>
  );
}

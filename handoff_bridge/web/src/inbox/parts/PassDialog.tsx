import { Button } from "../../shared/Button";
import type { Colleague, Me } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { customerName, firstName } from "../../shared/desk/words";
import { others, teamsOf } from "../state/team";
import { type PassingProps, type Recipient, usePassing } from "../usePassing";
import { Refused, WroteAgain } from "./EndDialog";
import { PreviewLine } from "./EndPreview";
import { Letters } from "./Letters";
import { RecipientFields } from "./RecipientFields";

type Props = PassingProps & { me: Me; agents: readonly Colleague[]; onCancel: () => void };

/** Leaves a chat to others: back in line, or to somebody in particular. */
export function PassDialog(props: Props) {
  const { kind, row, me, agents, onCancel } = props;
  const passing = usePassing(props);
  const transfers = kind === "transfer";
  const who = customerName(row.customer.name);
  const does = transfers ? "Transfer" : "Release";
  return (
    <Dialog
      title={transfers ? `Transfer the chat with ${who}` : `Put ${who} back in line`}
      kind="wide"
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>Keep the chat</Button>
          <Button kind="primary" type="submit" form="pass-form" aria-disabled={!passing.ready}>
            {passing.busy ? "Passing on…" : does}
          </Button>
        </>
      }
    >
      <form id="pass-form" class="end-form" onSubmit={passing.submit}>
        <div class="end-fields">
          {passing.unread.length > 0 && (
            <WroteAgain who={who} unread={passing.unread} onRead={passing.markRead} />
          )}
          {passing.refusal && <Refused refusal={passing.refusal} slot={undefined} />}
          {transfers && (
            <RecipientFields
              people={others(agents, me.agent_id)}
              teams={teamsOf(agents, me.agent_id)}
              chosen={passing.to}
              missing={passing.missing}
              onPick={passing.setTo}
            />
          )}
          <label class="field">
            <span>
              Note for whoever takes it <span class="soft">optional</span>
            </span>
            <textarea
              rows={2}
              value={passing.note}
              data-first={transfers ? undefined : true}
              onInput={(event) => passing.setNote(event.currentTarget.value)}
            />
            <Letters text={passing.note} />
          </label>
        </div>
        <aside class="preview" aria-label="Preview">
          <h3>{firstName(who)} will see</h3>
          <div class="preview-chat" aria-live="polite">
            <PreviewLine
              language={row.customer.language}
              {...lineOf(transfers, passing.to, me, agents)}
              missing={transfers ? "A line that says who is next." : "A line that a colleague is next."}
            />
          </div>
          <p class="soft">
            {transfers
              ? "It stands first in line, kept for them: a minute if they are there, else half an hour. Then anybody may claim it."
              : "It stands first in line, and anybody may claim it."}{" "}
            The note stays with your team.
          </p>
        </aside>
      </form>
    </Dialog>
  );
}

type Line = { name?: string; values?: Record<string, string> };

function lineOf(transfers: boolean, to: Recipient | undefined, me: Me, agents: readonly Colleague[]): Line {
  const { name } = me;
  if (!transfers) return { name: "released", values: { name } };
  if (!to) return {};
  if ("team" in to) return { name: "transferred_team", values: { name, team: to.team } };
  const recipient = agents.find((one) => one.agent_id === to.agent_id)?.name ?? "";
  return { name: "transferred", values: { name, recipient } };
}

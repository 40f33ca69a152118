import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { EarlierHandoff, Packet } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { ReadOnly } from "../../shared/desk/ReadOnly";
import { dispositionWord, triggerWord } from "../../shared/desk/words";
import { fullTime } from "../../shared/time";

/** What brought the same customer here before, the newest first; another conversation opens to read. */
export function Earlier({ packet }: { packet: Packet }) {
  const [opened, setOpened] = useState<EarlierHandoff>();
  const earlier = [...(packet.customer.earlier_handoffs ?? [])].reverse();
  if (earlier.length === 0) return null;
  return (
    <section class="packet-part">
      <h3>Earlier</h3>
      <ul class="earlier">
        {earlier.map((handoff) => (
          <li key={handoff.handoff_id}>
            <p>
              <time dateTime={handoff.at}>{fullTime(handoff.at)}</time> · {words(handoff)}
            </p>
            {handoff.outcome && <p class="soft">“{handoff.outcome}”</p>}
            {handoff.conversation_id && handoff.conversation_id !== packet.conversation_id && (
              <Button size="small" onClick={() => setOpened(handoff)}>
                Read it<span class="visually-hidden">, of {fullTime(handoff.at)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {opened?.conversation_id && (
        <Dialog title={`Chat of ${fullTime(opened.at)}`} kind="wide" onClose={() => setOpened(undefined)}>
          <ReadOnly conversationId={opened.conversation_id} />
        </Dialog>
      )}
    </section>
  );
}

function words({ trigger, label, about, disposition }: EarlierHandoff): string {
  const ended = disposition && dispositionWord(disposition).toLowerCase();
  return [label ?? triggerWord(trigger), about, ended].filter(Boolean).join(" · ");
}

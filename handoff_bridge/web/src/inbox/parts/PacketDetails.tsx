import { brand } from "../../shared/brand";
import type { Packet } from "../../shared/contract";
import { heading, plainValue, plainWords } from "../../shared/desk/words";
import { CheckIcon, CloseIcon } from "../../shared/icons";
import { Fact, Folded, type Show, Source } from "./PacketFacts";

type Props = { packet: Packet; onShow: Show };
type Step = Packet["steps"][number] & { times: number };

/** What the assistant did, step by step. */
export function Steps({ packet, onShow }: Props) {
  const steps = foldedSteps(packet.steps);
  if (steps.length === 0) return null;
  return (
    <Folded title={`What ${brand.assistant} did`} count={steps.length}>
      <ol class="steps">
        {steps.map((step) => (
          <li key={`${step.seq}-${step.action}`}>
            {step.ok === false ? <CloseIcon small /> : <CheckIcon small />}
            <Source seq={step.seq} onShow={onShow}>
              {nameOf(step)}
              <span class="soft">
                {step.ok === false ? " (did not work)" : ""}
                {!step.label && plainValue(step.arguments) && ` · ${plainValue(step.arguments)}`}
                {cameOf(step) && ` · ${cameOf(step)}`}
                {step.times > 1 && ` · ${step.times} times`}
              </span>
            </Source>
          </li>
        ))}
      </ol>
    </Folded>
  );
}

/** Steps alike that follow each other are one. */
export function foldedSteps(steps: Packet["steps"]): Step[] {
  const folded: Step[] = [];
  for (const step of steps) {
    const last = folded.at(-1);
    const alike =
      last && nameOf(last) === nameOf(step) && cameOf(last) === cameOf(step) && last.ok === step.ok;
    if (alike) last.times += 1;
    else folded.push({ ...step, times: 1 });
  }
  return folded;
}

const nameOf = ({ label, action }: Packet["steps"][number]): string => label ?? plainWords(action);

/** What came of a step; the name of a response says it only where no label does. */
const cameOf = ({ outcome, label, result }: Packet["steps"][number]): string => {
  const came = outcome ?? (label || !result ? "" : plainWords(result).toLowerCase());
  return label?.toLowerCase().startsWith(came.toLowerCase()) ? "" : came;
};

/** Stands for a one-time code, which nobody may read. */
const SECRET = "[code]";

/** Below it a guess is marked as one. */
const SURE = 0.5;

/** What the customer told and wanted, as the assistant took it. */
export function Understood({ packet, onShow }: Props) {
  const slots = Object.entries(packet.slots).filter(([, value]) => plainValue(value));
  const entities = toldBeside(packet);
  const intents = wantedIn(packet);
  const count = slots.length + entities.length + intents.length;
  if (count === 0) return null;
  return (
    <Folded title={`What ${brand.assistant} understood`} count={count}>
      <dl class="facts facts-wide">
        {slots.map(([name, value]) => (
          <Fact key={name} name={heading(name, packet.slot_labels?.[name]?.label)}>
            <Source seq={packet.slot_seqs?.[name]} onShow={onShow}>
              {plainValue(value)}
            </Source>
          </Fact>
        ))}
        {entities.map((entity) => (
          <Fact key={`${entity.entity}-${entity.seq}`} name={heading(entity.entity, entity.label)}>
            <Source seq={entity.seq} onShow={onShow}>
              {plainValue(entity.value)}
            </Source>
          </Fact>
        ))}
        {intents.map((intent) => (
          <Fact key={`${intent.name}-${intent.seq}`} name="Wants to">
            <Source seq={intent.seq} onShow={onShow}>
              {intent.label ?? plainWords(intent.name)}
              {intent.confidence < SURE && <span class="soft"> (not sure)</span>}
            </Source>
          </Fact>
        ))}
      </dl>
    </Folded>
  );
}

/** What was wanted, each once; of a log without labels everything that is named. */
export function wantedIn({ intents }: Packet): Packet["intents"] {
  const named = intents.some(({ label, topic }) => label || topic);
  const found = named ? intents.filter(({ label, topic }) => label && topic) : intents;
  return found.filter(({ name }, at) => found.findIndex((one) => one.name === name) === at);
}

/** What was mentioned and no slot holds: the rest would be read twice. */
export function toldBeside({ entities, slots }: Packet): Packet["entities"] {
  const held = new Set(Object.entries(slots).map(([name, value]) => `${name} ${plainValue(value)}`));
  const labelled = entities.some(({ label }) => label);
  return entities.filter(
    ({ entity, value, label }) =>
      value !== SECRET && (label || !labelled) && !held.has(`${entity} ${plainValue(value)}`),
  );
}

import type { ComponentChildren } from "preact";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Packet as PacketData } from "../../shared/contract";
import { photoUrl } from "../../shared/desk/api";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import {
  dispositionWord,
  heading,
  methodWord,
  plainValue,
  plainWords,
  triggerInline,
  triggerWord,
} from "../../shared/desk/words";
import { isPicture } from "../../shared/fileWords";
import { CheckIcon, CloseIcon, LinkIcon, ShieldIcon, WarningIcon } from "../../shared/icons";
import { clockTime, fullTime } from "../../shared/time";
import type { PacketState } from "../state/inbox";
import { Articles } from "./Articles";
import { Cards } from "./Cards";
import { Mood } from "./Mood";

type Show = (seq: number) => void;
type Props = { packet: PacketState | undefined; onShow: Show; onRetry: () => void };

/** What the assistant knows, so that the agent need not ask. Every fact leads to the message it came from. */
export function Packet({ packet, onShow, onRetry }: Props) {
  if (packet === "failed") {
    return (
      <div class="packet-state">
        <p>What {brand.assistant} knows about this chat could not be loaded.</p>
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  if (packet === undefined || packet === "loading") {
    return (
      <div class="packet-state" aria-busy="true">
        <p class="soft">Gathering what {brand.assistant} knows…</p>
      </div>
    );
  }
  return (
    <div class="packet">
      <Why packet={packet} />
      <Reach packet={packet} />
      <SoFar packet={packet} onShow={onShow} />
      <Articles packet={packet} />
      <Verification packet={packet} onShow={onShow} />
      <Cards packet={packet} />
      <Photos packet={packet} onShow={onShow} />
      <Steps packet={packet} onShow={onShow} />
      <Understood packet={packet} onShow={onShow} />
      <Earlier packet={packet} />
    </div>
  );
}

function Why({ packet }: { packet: PacketData }) {
  const others = packet.triggers.filter((trigger) => trigger !== packet.trigger);
  return (
    <section class="packet-part">
      <h3>Reason</h3>
      <p class="why">
        <TriggerIcon trigger={packet.trigger} />
        <span>{packet.reason ?? triggerWord(packet.trigger, packet.labels?.[packet.trigger])}</span>
      </p>
      {others.length > 0 && (
        <p class="soft">
          Also: {others.map((trigger) => triggerInline(trigger, packet.labels?.[trigger])).join(", ")}
        </p>
      )}
    </section>
  );
}

/** Where to reach a customer who did not stay, and by when. */
function Reach({ packet: { contact, answer_by } }: { packet: PacketData }) {
  if (!contact && !answer_by) return null;
  return (
    <section class="packet-part">
      <h3>Answer</h3>
      <dl class="facts">
        {answer_by && (
          <Fact name="Due">
            <time dateTime={answer_by}>{fullTime(answer_by)}</time>
          </Fact>
        )}
        {contact && (
          <Fact name="How">
            {contact.want === "mail" ? "By mail, with what you write here" : "Call back"}
            {contact.masked && (
              <span class="soft">: the address is shown once you have claimed the chat</span>
            )}
          </Fact>
        )}
        {contact?.phone && <Fact name="Phone">{contact.phone}</Fact>}
        {contact?.email && <Fact name="Email">{contact.email}</Fact>}
      </dl>
    </section>
  );
}

function SoFar({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  const { request, tried = [], promised = [], open_question } = packet.summary;
  return (
    <section class="packet-part">
      <h3>Summary</h3>
      <dl class="facts">
        <Fact name="Wants">{request || <span class="soft">Not said yet</span>}</Fact>
        <Fact name="Tried">
          {tried.length === 0 && <span class="soft">Nothing</span>}
          {tried.map((attempt) => (
            <Source key={`${attempt.seq}-${attempt.what}`} seq={attempt.seq} onShow={onShow}>
              {attempt.what}
              {attempt.outcome && <span class="soft">: {attempt.outcome}</span>}
            </Source>
          ))}
        </Fact>
        <Fact name="Promised">
          {promised.length === 0 && <span class="soft">Nothing</span>}
          {promised.map((promise) => (
            <Source key={`${promise.seq}-${promise.text}`} seq={promise.seq} onShow={onShow}>
              {promise.text}
            </Source>
          ))}
        </Fact>
        {open_question && <Fact name="Open">{open_question}</Fact>}
      </dl>
    </section>
  );
}

function Verification({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  const { verified, method, label, at } = packet.authentication;
  return (
    <section class="packet-part">
      <h3>Verification and sentiment</h3>
      <dl class="facts">
        <Fact name="Verified">
          {verified ? (
            <span class="with-icon verified">
              <ShieldIcon small />
              <span>
                Yes{method && `, ${methodWord(method, label)}`}
                {at && <time dateTime={at} title={fullTime(at)}>{`, ${clockTime(at)}`}</time>}
              </span>
            </span>
          ) : (
            <span class="with-icon">
              <WarningIcon small /> Not verified
            </span>
          )}
        </Fact>
        <Fact name="Mood">
          <Mood sentiment={packet.sentiment} onShow={onShow} />
        </Fact>
      </dl>
    </section>
  );
}

function Photos({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  const photos = packet.attachments.filter(isPicture);
  if (photos.length === 0) return null;
  return (
    <section class="packet-part">
      <h3>Photos</h3>
      <ul class="thumbs">
        {photos.map((photo, at) => (
          <li key={photo.attachment_id}>
            <button type="button" class="thumb" onClick={() => photo.seq && onShow(photo.seq)}>
              <img src={photoUrl(photo.attachment_id)} alt={`${at + 1}: show where it was sent`} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  if (packet.steps.length === 0) return null;
  return (
    <Folded title={`What ${brand.assistant} did`} count={packet.steps.length}>
      <ol class="steps">
        {packet.steps.map((step) => (
          <li key={`${step.seq}-${step.action}`}>
            {step.ok === false ? <CloseIcon small /> : <CheckIcon small />}
            <Source seq={step.seq} onShow={onShow}>
              {step.label ?? plainWords(step.action)}
              <span class="soft">
                {step.ok === false ? " (did not work)" : ""}
                {!step.label && plainValue(step.arguments) && ` · ${plainValue(step.arguments)}`}
                {cameOf(step) && ` · ${cameOf(step)}`}
              </span>
            </Source>
          </li>
        ))}
      </ol>
    </Folded>
  );
}

/** What came of a step; the name of a response says it only where no label does. */
const cameOf = ({ outcome, label, result }: PacketData["steps"][number]): string =>
  outcome ?? (label || !result ? "" : plainWords(result).toLowerCase());

function Understood({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  const slots = Object.entries(packet.slots).filter(([, value]) => plainValue(value));
  const count = slots.length + packet.entities.length + packet.intents.length;
  if (count === 0) return null;
  return (
    <Folded title={`What ${brand.assistant} understood`} count={count}>
      <dl class="facts facts-wide">
        {slots.map(([name, value]) => (
          <Fact key={name} name={heading(name, packet.slot_labels?.[name]?.label)}>
            {plainValue(value)}
          </Fact>
        ))}
        {packet.entities.map((entity) => (
          <Fact key={`${entity.entity}-${entity.seq}`} name={heading(entity.entity, entity.label)}>
            <Source seq={entity.seq} onShow={onShow}>
              {plainValue(entity.value)}
            </Source>
          </Fact>
        ))}
        {packet.intents.map((intent) => (
          <Fact key={`${intent.name}-${intent.seq}`} name="Meant">
            <Source seq={intent.seq} onShow={onShow}>
              {heading(intent.name, intent.label)}{" "}
              <span class="soft">{Math.round(intent.confidence * 100)} %</span>
            </Source>
          </Fact>
        ))}
      </dl>
    </Folded>
  );
}

function Earlier({ packet }: { packet: PacketData }) {
  const earlier = packet.customer.earlier_handoffs ?? [];
  if (earlier.length === 0) return null;
  return (
    <section class="packet-part">
      <h3>Earlier handoffs</h3>
      <ul class="earlier">
        {earlier.map((handoff) => (
          <li key={handoff.handoff_id}>
            <p>
              <time dateTime={handoff.at}>{fullTime(handoff.at)}</time> ·{" "}
              {handoff.label ?? triggerWord(handoff.trigger)}
              {handoff.disposition && ` · ${dispositionWord(handoff.disposition).toLowerCase()}`}
            </p>
            {handoff.outcome && <p class="soft">“{handoff.outcome}”</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A fact that leads to its message; plain text if nobody knows where it came from. */
function Source({
  seq,
  onShow,
  children,
}: {
  seq?: number | undefined;
  onShow: Show;
  children: ComponentChildren;
}) {
  if (seq === undefined) return <span class="source">{children}</span>;
  return (
    <button type="button" class="source source-link" onClick={() => onShow(seq)}>
      <span>{children}</span>
      <LinkIcon small />
      <span class="visually-hidden">, show the message</span>
    </button>
  );
}

function Folded({ title, count, children }: { title: string; count: number; children: ComponentChildren }) {
  return (
    <details class="packet-part folded">
      <summary>
        <h3>{title}</h3> <span class="count">{count}</span>
      </summary>
      {children}
    </details>
  );
}

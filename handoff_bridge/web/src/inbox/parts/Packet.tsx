import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Attempt, Packet as PacketData } from "../../shared/contract";
import { photoUrl } from "../../shared/desk/api";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import { methodWord, triggerInline, triggerWord } from "../../shared/desk/words";
import { isPicture } from "../../shared/fileWords";
import { ShieldIcon, WarningIcon } from "../../shared/icons";
import { clockTime, fullTime } from "../../shared/time";
import type { PacketState } from "../state/inbox";
import type { Act } from "../useCardAction";
import { Articles } from "./Articles";
import { Cards } from "./Cards";
import { Earlier } from "./Earlier";
import { Mood } from "./Mood";
import { Steps, Understood } from "./PacketDetails";
import { Fact, type Show, Source } from "./PacketFacts";

type Props = { packet: PacketState | undefined; act: Act | undefined; onShow: Show; onRetry: () => void };

/** What the assistant knows, so that the agent need not ask. Every fact leads to the message it came from. */
export function Packet({ packet, act, onShow, onRetry }: Props) {
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
      <Cards packet={packet} act={act} />
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
  const { request, request_seq, tried = [], promised = [], open_question, open_seq } = packet.summary;
  return (
    <section class="packet-part">
      <h3>Summary</h3>
      <dl class="facts">
        <Fact name="Wants">
          {request ? (
            <Source seq={request_seq} onShow={onShow}>
              {request}
            </Source>
          ) : (
            <span class="soft">Not said yet</span>
          )}
        </Fact>
        <Fact name="Tried">
          {tried.length === 0 && <span class="soft">Nothing</span>}
          {tried.map((attempt) => (
            <Source key={`${attempt.seq}-${attempt.what}`} seq={attempt.seq} onShow={onShow}>
              {attempt.what}
              {saysMore(attempt) && <span class="soft">: {attempt.outcome}</span>}
              {attempt.times && <span class="soft"> ({attempt.times} times)</span>}
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
        {open_question && open_question !== request && (
          <Fact name="Open">
            <Source seq={open_seq} onShow={onShow}>
              {open_question}
            </Source>
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** Whether the outcome adds to what was tried: "Answered “Returns”: answered" does not. */
const saysMore = ({ what, outcome }: Attempt): boolean =>
  outcome !== "" && !what.toLowerCase().startsWith(outcome.toLowerCase());

function Verification({ packet, onShow }: { packet: PacketData; onShow: Show }) {
  const { verified, method, label, at, seq } = packet.authentication;
  return (
    <section class="packet-part">
      <h3>Verification and sentiment</h3>
      <dl class="facts">
        <Fact name="Verified">
          {verified ? (
            <Source seq={seq} onShow={onShow}>
              <span class="with-icon verified">
                <ShieldIcon small />
                <span>
                  Yes{method && `, ${methodWord(method, label)}`}
                  {at && <time dateTime={at} title={fullTime(at)}>{`, ${clockTime(at)}`}</time>}
                </span>
              </span>
            </Source>
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

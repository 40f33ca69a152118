import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Avatar } from "../Avatar";
import { brand } from "../brand";
import type { Attachment, LogEntry, PictureAttachment, Message as Said } from "../contract";
import { isPicture, sizeWords } from "../fileWords";
import { NoteIcon } from "../icons";
import { RichText } from "../RichText";
import { clockTime, dayName, fullTime } from "../time";
import { photoUrl } from "./api";
import { DocumentIcon, EyeOffIcon, LockIcon } from "./icons";
import { type Item, notePieces, pieces, transcriptItems } from "./transcript";
import { redactedWord } from "./words";

type Props = {
  events: readonly LogEntry[];
  myId?: string;
  customer?: string;
  /** What stands below a message; memoised by whoever gives it. */
  below?: ((event: Said) => ComponentChildren) | undefined;
  children?: ComponentChildren;
};

/** A conversation's whole log, as agents may see it. Items carry `id="event-<seq>"`, so that facts can point at them. */
export function Transcript({ events, myId, customer, below, children }: Props) {
  const shown = useMemo(
    () =>
      transcriptItems(events, { myId, customer, tellsFailures: below !== undefined }).map((item) => (
        <Entry key={item.key} item={item} below={below} />
      )),
    [events, myId, customer, below],
  );
  return (
    <ol class="transcript">
      {shown}
      {children}
    </ol>
  );
}

function Entry({ item, below }: { item: Item } & Pick<Props, "below">) {
  switch (item.kind) {
    case "day":
      return (
        <li class="day">
          <span>{dayName(item.at, new Date())}</span>
        </li>
      );
    case "message":
      return <Message item={item} below={below} />;
    case "note":
      return <Note item={item} />;
    case "suppressed":
      return <Suppressed item={item} />;
    case "line":
      return (
        <li
          id={item.key}
          class={`line ${item.said ? "line-said" : ""} ${item.tone ? "line-red" : ""}`}
          tabIndex={-1}
        >
          <span>{item.text}</span> <Time at={item.event.at} />
        </li>
      );
  }
}

const ROLES = { customer: "", bot: "automated assistant", agent: "agent", me: "you" };

type MessageProps = { item: Extract<Item, { kind: "message" }> } & Pick<Props, "below">;

function Message({ item, below }: MessageProps) {
  const { event, voice, name, starts } = item;
  const kind = voice === "me" ? "agent" : voice;
  return (
    <li id={item.key} class={`message message-${voice} ${starts ? "message-starts" : ""}`} tabIndex={-1}>
      {starts ? (
        <p class="message-head">
          <Avatar kind={kind} name={name} small />
          <strong>{voice === "me" ? "You" : name}</strong>
          {ROLES[voice] && voice !== "me" && <span class="soft">{ROLES[voice]}</span>}
        </p>
      ) : (
        <span class="visually-hidden">{voice === "me" ? "You" : name}:</span>
      )}
      <div class="bubble">
        <Words event={event} />
        {event.attachments?.map((file) => (
          <SentFile key={file.attachment_id} file={file} from={voice === "me" ? "you" : name} />
        ))}
        <Sent attachment={event.attachment} />
        {event.cards?.map(({ kind, id, title, status }) => (
          <p key={`${kind} ${id}`} class="soft" dir="auto">
            Card sent: {title}
            {status && `, ${status}`}
          </p>
        ))}
      </div>
      <Time at={event.at} />
      {below?.(event)}
      {event.quick_replies && event.quick_replies.length > 0 && (
        <p class="offered">
          <span class="visually-hidden">Offered: </span>
          {event.quick_replies.map((reply) => (
            <span key={reply.title} class="chip">
              {reply.title}
            </span>
          ))}
        </p>
      )}
    </li>
  );
}

function Words({ event }: { event: Said }) {
  const parts = pieces(event.text ?? "", event.redacted);
  if (parts.length === 0) return null;
  return (
    <p class="said" dir="auto">
      {parts.map((part, at) =>
        "redacted" in part ? (
          <span key={at} class="chip chip-redacted">
            <LockIcon small />
            {redactedWord(part.redacted, part.lastFour)}
          </span>
        ) : (
          <RichText key={at} text={part.text} />
        ),
      )}
    </p>
  );
}

/** A photo is shown; anything else is only ever downloaded. */
export function SentFile({ file, from }: { file: Attachment; from: string }) {
  const { attachment_id: id, name, size, width, height } = file;
  if (!isPicture(file)) {
    return (
      <a class="file" href={photoUrl(id)} download={name ?? ""}>
        <DocumentIcon />
        <span class="file-name" dir="auto">
          {name ?? "PDF"}
        </span>
        <span class="soft">PDF{size ? `, ${sizeWords(size)}` : ""}</span>
      </a>
    );
  }
  return (
    <a class="photo" href={photoUrl(id)} target="_blank" rel="noopener noreferrer" title={name}>
      <img
        src={photoUrl(id)}
        alt={`${name ? `${name}, sent` : "Sent"} by ${from}; opens in a new tab`}
        width={width}
        height={height}
        loading="lazy"
      />
    </a>
  );
}

/** A picture or file that the assistant sent. Other sites' pictures are linked, not loaded. */
function Sent({ attachment }: { attachment?: PictureAttachment | undefined }) {
  const source = attachment?.payload?.src;
  if (!attachment) return null;
  if (typeof source !== "string" || !/^(https?:\/\/|\/)/.test(source))
    return <p class="soft">An attachment</p>;
  return (
    <a href={source} target="_blank" rel="noopener noreferrer">
      {attachment.type === "image" ? "A picture" : "An attachment"}
      <span class="visually-hidden">, opens in a new tab</span>
    </a>
  );
}

function Note({ item }: { item: Extract<Item, { kind: "note" }> }) {
  return (
    <li id={item.key} class="note" tabIndex={-1}>
      <p class="aside-head">
        <NoteIcon small />
        <strong>Note by {item.name}</strong>
        <span>only your team sees this</span>
        <Time at={item.event.at} />
      </p>
      <p class="said" dir="auto">
        {notePieces(item.event.text, item.event.mentions).map((piece, at) =>
          "name" in piece ? (
            <strong key={at} class="mention">
              {piece.name}
            </strong>
          ) : (
            <RichText key={at} text={piece.text} />
          ),
        )}
      </p>
    </li>
  );
}

function Suppressed({ item }: { item: Extract<Item, { kind: "suppressed" }> }) {
  return (
    <li id={item.key} class="suppressed" tabIndex={-1}>
      <p class="aside-head">
        <EyeOffIcon small />
        <strong>Not sent</strong>
        <span>{brand.assistant} answered after the handoff</span>
        <Time at={item.event.at} />
      </p>
      {item.texts.map((text) => (
        <p key={text} class="said" dir="auto">
          {text}
        </p>
      ))}
      {item.did.length > 0 && <p class="soft">It still did this: {item.did.join(" · ")}</p>}
    </li>
  );
}

export function Time({ at }: { at: string }) {
  return (
    <time class="time" dateTime={at} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}

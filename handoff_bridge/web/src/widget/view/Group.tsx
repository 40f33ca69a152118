import { Avatar } from "../../shared/Avatar";
import { brand } from "../../shared/brand";
import { CheckIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import { clockTime, fullTime } from "../../shared/time";
import type { Block, Line } from "../state/thread";
import { Card } from "./Card";
import { useWords } from "./context";
import { Delivery } from "./Delivery";
import { SentFile } from "./SentFile";

type GroupBlock = Extract<Block, { kind: "group" }>;

/** Consecutive messages of one sender within a minute, under one name. */
export function Group({ group, sentId }: { group: GroupBlock; sentId: string | undefined }) {
  const words = useWords();
  const { sender, name } = group;
  const shown =
    sender === "customer" ? words.say("you") : sender === "agent" ? (name ?? brand.company) : brand.assistant;
  return (
    <div class={`group group-${sender}`}>
      {sender !== "customer" && <Avatar kind={sender} name={shown} small />}
      <div class="group-body">
        <p class="group-name" aria-hidden="true">
          <bdi>{shown}</bdi>
          {sender === "bot" && <span class="tag">{words.say("automated")}</span>}
          {sender === "agent" && <span class="tag tag-human">{words.say("person")}</span>}
        </p>
        {group.lines.map((line) => (
          <Bubble
            key={line.id}
            line={line}
            sent={line.id === sentId}
            speaker={sender === "bot" ? words.say("speaker_automated", { name: shown }) : shown}
          />
        ))}
      </div>
    </div>
  );
}

function Bubble({ line, speaker, sent }: { line: Line; speaker: string; sent: boolean }) {
  const { message, outgoing } = line;
  const words = useWords();
  const said = message.brief ?? message.text;
  return (
    <div class="message" tabIndex={-1}>
      <span class="visually-hidden">{speaker}: </span>
      {said && (
        <p class="bubble">
          <RichText text={said} />
        </p>
      )}
      {message.attachments?.map((file) => (
        <SentFile key={file.attachment_id} file={file} by={speaker} />
      ))}
      {message.cards?.map((card) => (
        <Card key={`${card.kind} ${card.id}`} card={card} />
      ))}
      {message.link && (
        <p class="bubble">
          <RichText text={message.link} />
        </p>
      )}
      {outgoing ? (
        <Delivery entry={outgoing} />
      ) : (
        <time class="time" dateTime={message.at} title={fullTime(message.at, words.locale)}>
          {clockTime(message.at, words.locale)}
        </time>
      )}
      {sent && (
        <span class="delivery">
          <CheckIcon small /> {words.say("sent")}
        </span>
      )}
    </div>
  );
}

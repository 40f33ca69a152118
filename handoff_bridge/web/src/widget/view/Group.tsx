import { Avatar } from "../../shared/Avatar";
import { CheckIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import { clockTime, fullTime } from "../../shared/time";
import type { Block, Line } from "../state/thread";
import { useChat } from "./context";
import { Delivery } from "./Delivery";
import { SentFile } from "./SentFile";

type GroupBlock = Extract<Block, { kind: "group" }>;

/** Consecutive messages of one sender within a minute, under one name. */
export function Group({ group, sentId }: { group: GroupBlock; sentId: string | undefined }) {
  const { config } = useChat();
  const { sender, name } = group;
  const shown =
    sender === "customer" ? "You" : sender === "agent" ? (name ?? config.title) : config.assistant;
  return (
    <div class={`group group-${sender}`}>
      {sender !== "customer" && <Avatar kind={sender} name={shown} small />}
      <div class="group-body">
        <p class="group-name" aria-hidden="true">
          {shown}
          {sender === "bot" && <span class="tag">automated</span>}
          {sender === "agent" && <span class="tag tag-human">person</span>}
        </p>
        {group.lines.map((line) => (
          <Bubble
            key={line.id}
            line={line}
            sent={line.id === sentId}
            speaker={sender === "bot" ? `${shown}, automated` : shown}
          />
        ))}
      </div>
    </div>
  );
}

function Bubble({ line, speaker, sent }: { line: Line; speaker: string; sent: boolean }) {
  const { message, outgoing } = line;
  return (
    <div class="message" tabIndex={-1}>
      <span class="visually-hidden">{speaker}: </span>
      {message.text && (
        <p class="bubble">
          <RichText text={message.text} />
        </p>
      )}
      {message.attachments?.map((file) => (
        <SentFile key={file.attachment_id} file={file} by={speaker} />
      ))}
      {message.link && (
        <p class="bubble">
          <RichText text={message.link} />
        </p>
      )}
      {outgoing ? (
        <Delivery entry={outgoing} />
      ) : (
        <time class="time" dateTime={message.at} title={fullTime(message.at)}>
          {clockTime(message.at)}
        </time>
      )}
      {sent && (
        <span class="delivery">
          <CheckIcon small /> Sent
        </span>
      )}
    </div>
  );
}

import { Fragment } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { ArrowDownIcon } from "../../shared/icons";
import { moveFocus } from "../../shared/keyboard";
import { dayName } from "../../shared/time";
import { type Block, isUntouched, openReplies, thread } from "../state/thread";
import { useChat, useChatState, useSay, useWords } from "./context";
import { Group } from "./Group";
import { SuggestedArticles } from "./HelpArticles";
import { Survey } from "./Survey";
import { SystemLine } from "./SystemLine";
import { TypingDots } from "./TypingDots";
import { useStickToEnd } from "./useStickToEnd";

export function Messages() {
  const { log, outbox, elsewhere, loaded, phase, typing, survey, status } = useChatState();
  const say = useSay();
  const unsent = [...outbox, ...elsewhere];
  const blocks = thread(log.messages, unsent);
  const last = log.messages[log.messages.length - 1];
  const sentId = last?.sender === "customer" ? last.message_id : undefined;
  const { list, atEnd, toEnd } = useStickToEnd(
    [blocks.length, log, unsent.length, typing, survey, status],
    outbox.at(-1)?.id,
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target === event.currentTarget || (event.target as Element).matches(".message")) {
      moveFocus(event, [...(list.current?.querySelectorAll<HTMLElement>(".message, .system") ?? [])]);
    }
  };
  return (
    <div class="messages-frame">
      <div
        class="messages"
        ref={list}
        role="log"
        aria-label={say("messages")}
        // What is new is announced by the Announcer: here it would be said again whenever it is drawn anew.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be in reach of the keyboard.
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {!loaded && blocks.length === 0 && <Loading stuck={phase === "offline"} />}
        {blocks.map((block) => (
          <Fragment key={block.id}>
            <BlockView block={block} sentId={sentId} />
            {survey && block.kind === "system" && block.line.message.seq === survey.seq && <Survey />}
          </Fragment>
        ))}
        <Replies />
        {typing && <TypingDots sender={typing.sender} {...(typing.name ? { name: typing.name } : {})} />}
        {survey?.seq === 0 && <Survey />}
      </div>
      <NewBelow atEnd={atEnd} onPress={toEnd} />
    </div>
  );
}

/** How much has come below what they are reading. */
function NewBelow({ atEnd, onPress }: { atEnd: boolean; onPress: () => void }) {
  const { log } = useChatState();
  const say = useSay();
  const read = useRef(0);
  if (atEnd) read.current = log.messages.at(-1)?.seq ?? 0;
  const count = log.messages.filter(({ seq, sender }) => seq > read.current && sender !== "customer").length;
  if (!count) return null;
  return (
    <Button size="small" kind="primary" class="new-below" onClick={onPress}>
      {say("new_messages", { count })} <ArrowDownIcon small />
    </Button>
  );
}

function BlockView({ block, sentId }: { block: Block; sentId: string | undefined }) {
  const { locale } = useWords();
  const say = useSay();
  if (block.kind === "day") {
    return (
      <p class="day">
        <span>{dayName(block.at, new Date(), locale)}</span>
      </p>
    );
  }
  if (block.kind === "anew") {
    return (
      <p class="day day-anew">
        <span>{say("earlier_chat")}</span>
      </p>
    );
  }
  if (block.kind === "system") return <SystemLine message={block.line.message} />;
  return <Group group={block} sentId={sentId} />;
}

function Replies() {
  const chat = useChat();
  const { log, outbox, elsewhere, status, ended } = useChatState();
  const words = useWords();
  if (ended) return null;
  const unsent = [...outbox, ...elsewhere];
  const replies = openReplies(log.messages, unsent, status.owner);
  if (replies.length) {
    return (
      <fieldset class="replies">
        <legend class="visually-hidden">{words.say("suggested_answers")}</legend>
        {replies.map((reply) => (
          <Button key={reply.payload} class="reply" onClick={() => chat.tap(reply)}>
            <bdi>{reply.title}</bdi>
          </Button>
        ))}
      </fieldset>
    );
  }
  if (status.owner !== "bot" || !isUntouched(log.messages, unsent)) return null;
  return (
    <>
      <fieldset class="replies">
        <legend class="visually-hidden">{words.say("first_steps")}</legend>
        {(chat.config.starters ?? words.starters).map((text) => (
          <Button key={text} class="reply" onClick={() => chat.send(text)}>
            <bdi>{text}</bdi>
          </Button>
        ))}
      </fieldset>
      {brand.help_articles && <SuggestedArticles />}
    </>
  );
}

function Loading({ stuck }: { stuck: boolean }) {
  const say = useSay();
  return (
    <div class="loading" aria-hidden={!stuck}>
      {stuck ? (
        <p>{say("cannot_reach")}</p>
      ) : (
        <>
          <span class="skeleton" />
          <span class="skeleton skeleton-short" />
        </>
      )}
    </div>
  );
}

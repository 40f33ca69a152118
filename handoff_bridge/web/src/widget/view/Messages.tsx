import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { moveFocus } from "../../shared/keyboard";
import { dayName } from "../../shared/time";
import { type Block, isUntouched, openReplies, thread } from "../state/thread";
import { useChat, useChatState, useSay, useWords } from "./context";
import { Group } from "./Group";
import { SuggestedArticles } from "./HelpArticles";
import { Survey } from "./Survey";
import { SystemLine } from "./SystemLine";
import { TypingDots } from "./TypingDots";

/** As near to the end as counts as reading along. */
const NEAR_PX = 80;

export function Messages() {
  const { log, outbox, elsewhere, loaded, phase, typing, survey, status } = useChatState();
  const say = useSay();
  const unsent = [...outbox, ...elsewhere];
  const blocks = thread(log.messages, unsent);
  const last = log.messages[log.messages.length - 1];
  const sentId = last?.sender === "customer" ? last.message_id : undefined;
  const [announcing, setAnnouncing] = useState(false);
  const list = useStickToEnd([blocks.length, log, unsent.length, typing, survey, status]);
  // What was said earlier is not news: the log speaks up only after the first history is in place.
  useEffect(() => {
    if (!loaded) return;
    const timer = setTimeout(() => setAnnouncing(true), 500);
    return () => clearTimeout(timer);
  }, [loaded]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target === event.currentTarget || (event.target as Element).matches(".message")) {
      moveFocus(event, [...(list.current?.querySelectorAll<HTMLElement>(".message, .system") ?? [])]);
    }
  };
  return (
    <div
      class="messages"
      ref={list}
      role="log"
      aria-label={say("messages")}
      aria-live={announcing ? "polite" : "off"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be in reach of the keyboard.
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {!loaded && blocks.length === 0 && <Loading stuck={phase === "offline"} />}
      {blocks.map((block) => (
        <BlockView key={block.id} block={block} sentId={sentId} />
      ))}
      <Replies />
      {typing && <TypingDots sender={typing.sender} {...(typing.name ? { name: typing.name } : {})} />}
      {survey !== "none" && <Survey />}
    </div>
  );
}

function BlockView({ block, sentId }: { block: Block; sentId: string | undefined }) {
  const { locale } = useWords();
  if (block.kind === "day") {
    return (
      <p class="day">
        <span>{dayName(block.at, new Date(), locale)}</span>
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
            {reply.title}
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
            {text}
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

/** Follows new messages to the end, but does not pull away a customer who reads further up. */
function useStickToEnd(changes: unknown[]) {
  const list = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    };
    const follow = () => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    };
    element.addEventListener("scroll", measure);
    element.addEventListener("load", follow, true);
    const size = new ResizeObserver(follow);
    size.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      element.removeEventListener("load", follow, true);
      size.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (list.current && stuck.current) list.current.scrollTop = list.current.scrollHeight;
  }, changes);
  return list;
}

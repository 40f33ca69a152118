import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Announcer } from "./Announcer";
import { Composer } from "./Composer";
import { Confirm } from "./Confirm";
import { useChat, useChatState } from "./context";
import { Ended } from "./Ended";
import { useFullScreen } from "./fullScreen";
import { Header } from "./Header";
import { HelpArticles } from "./HelpArticles";
import { useKeepFocus } from "./keepFocus";
import { Messages } from "./Messages";
import { PrivacyLine } from "./PrivacyLine";
import { Refused } from "./Refused";
import { StateBanner } from "./StateBanner";
import { useVisibleHeight } from "./visibleHeight";

export function Panel({ onClose }: { onClose: () => void }) {
  const chat = useChat();
  const { ended, phase, reading, visitor, words } = useChatState();
  const [asking, setAsking] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const fullScreen = useFullScreen(panel);
  useKeepFocus(panel);
  useVisibleHeight(panel);

  const drawn = useRef(false);
  useLayoutEffect(() => {
    setAsking(false);
    const isNew = !drawn.current;
    drawn.current = true;
    if (isNew && !chat.takesFocus) return;
    if (!ended) composer.current?.focus();
    else panel.current?.querySelector<HTMLElement>(".ended .button")?.focus();
  }, [ended]);

  const leaveArticles = () => {
    chat.hideArticles();
    requestAnimationFrame(() =>
      (composer.current ?? panel.current?.querySelector<HTMLElement>(".ended .button"))?.focus(),
    );
  };
  const closeQuestion = () => {
    setAsking(false);
    // The field is hidden until this change is drawn.
    requestAnimationFrame(() => composer.current?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    if (asking) closeQuestion();
    else onClose();
  };
  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={fullScreen}
      aria-label={words.say("chat_with")}
      onKeyDown={onKeyDown}
    >
      <Header
        onClose={onClose}
        onEnd={() => {
          chat.hideArticles();
          setAsking(true);
        }}
      />
      <StateBanner />
      {phase === "refused" ? (
        <Refused />
      ) : (
        <>
          {reading && <HelpArticles onLeave={leaveArticles} />}
          <div class="chat" hidden={reading !== undefined}>
            <Messages />
            {ended ? <Ended /> : <Composer key={visitor} inputRef={composer} hidden={asking} />}
            {!ended && !asking && <PrivacyLine />}
            {asking && !ended && <Confirm onCancel={closeQuestion} />}
          </div>
        </>
      )}
      <Announcer />
    </section>
  );
}

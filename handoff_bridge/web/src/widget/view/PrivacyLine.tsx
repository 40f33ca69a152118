import { isUntouched } from "../state/thread";
import { useChatState, useWords } from "./context";

/** At the foot of a chat in which nothing has been said yet, where the brand has it. */
export function PrivacyLine() {
  const { log, outbox, elsewhere } = useChatState();
  const words = useWords();
  const { privacy } = words;
  if (!privacy || !isUntouched(log.messages, [...outbox, ...elsewhere])) return null;
  return (
    <p class="privacy" dir="auto">
      {privacy.kept}{" "}
      <a href={privacy.link} target="_blank" rel="noopener">
        {words.say("privacy_notice")}
        <span class="visually-hidden">, {words.say("opens_new_tab")}</span>
      </a>
    </p>
  );
}

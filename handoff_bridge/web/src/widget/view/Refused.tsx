import { WarningIcon } from "../../shared/icons";
import { useChatState, useSay } from "./context";

/** In place of the messages: the shop has not allowed the chat on pages of this origin, and nothing can be sent. */
export function Refused() {
  const { origin = "" } = useChatState();
  const say = useSay();
  return (
    <div class="messages refused" role="alert" tabIndex={-1}>
      <WarningIcon />
      <p>{origin === "null" ? say("origin_null") : say("origin_refused", { origin })}</p>
      <p class="refused-cure">{say(origin === "null" ? "origin_null_cure" : "origin_refused_cure")}</p>
    </div>
  );
}

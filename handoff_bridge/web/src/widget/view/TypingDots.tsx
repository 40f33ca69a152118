import { Avatar } from "../../shared/Avatar";
import { brand } from "../../shared/brand";
import type { Sender } from "../../shared/contract";
import { useSay } from "./context";

export function TypingDots({ sender, name }: { sender: Sender; name?: string }) {
  const say = useSay();
  const shown = sender === "agent" ? (name ?? say("a_colleague")) : brand.assistant;
  return (
    <div class={`typing typing-${sender}`}>
      <Avatar kind={sender === "agent" ? "agent" : "bot"} name={shown} small />
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class="typing-name">{say("is_typing", { name: shown })}</span>
    </div>
  );
}

import { Avatar } from "../../shared/Avatar";
import type { Sender } from "../../shared/contract";
import { useChat } from "./context";

export function TypingDots({ sender, name }: { sender: Sender; name?: string }) {
  const { config } = useChat();
  const shown = sender === "agent" ? (name ?? "A colleague") : config.assistant;
  return (
    <div class={`typing typing-${sender}`}>
      <Avatar kind={sender === "agent" ? "agent" : "bot"} name={shown} small />
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class="typing-name">{shown} is typing</span>
    </div>
  );
}

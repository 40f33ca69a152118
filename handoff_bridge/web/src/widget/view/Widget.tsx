import { useLayoutEffect, useRef } from "preact/hooks";
import { useChat, useChatState } from "./context";
import { Launcher } from "./Launcher";
import { Panel } from "./Panel";

/** The button in the corner and the panel that it opens. Focus goes in with the customer and comes back. */
export function Widget() {
  const chat = useChat();
  const { open, words } = useChatState();
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    if (wasOpen.current && !open) launcher.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <div class="widget" lang={words.language} dir={words.direction}>
      <Launcher buttonRef={launcher} />
      {open && <Panel onClose={() => chat.close()} />}
    </div>
  );
}

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { DownloadIcon, EndIcon, MenuIcon, PersonIcon, SearchIcon } from "../../shared/icons";
import { moveFocus } from "../../shared/keyboard";
import { saveChat } from "../download";
import { useChat, useChatState, useSay } from "./context";

type Props = { canAsk: boolean; onEnd: () => void };

export function Menu({ canAsk, onEnd }: Props) {
  const chat = useChat();
  const { ended, log, words } = useChatState();
  const say = useSay();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    items(root.current)[0]?.focus();
    const outside = (event: Event) => {
      if (root.current && !event.composedPath().includes(root.current)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const choose = (action: () => void) => () => {
    setOpen(false);
    button.current?.focus();
    action();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      button.current?.focus();
      if (event.key === "Escape") event.preventDefault();
    } else moveFocus(event, items(root.current));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to keys that bubble up from the menu.
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <IconButton
        label={say("menu")}
        aria-haspopup="menu"
        aria-expanded={open}
        buttonRef={button}
        onClick={() => setOpen(!open)}
      >
        <MenuIcon />
      </IconButton>
      {open && (
        <div class="menu-list" role="menu" aria-label={say("menu")}>
          {canAsk && (
            <Item icon={<PersonIcon />} onChoose={choose(() => chat.requestHuman())}>
              {say("ask_person")}
            </Item>
          )}
          {brand.help_articles && (
            <Item icon={<SearchIcon />} onChoose={choose(() => chat.showArticles())}>
              {say("help_articles")}
            </Item>
          )}
          {log.messages.length > 0 && (
            <Item icon={<DownloadIcon />} onChoose={choose(() => saveChat(log.messages, words))}>
              {say("download")}
            </Item>
          )}
          {ended ? (
            <Item icon={<EndIcon />} onChoose={choose(() => chat.startNew())}>
              {say("new_chat")}
            </Item>
          ) : (
            <Item icon={<EndIcon />} onChoose={choose(onEnd)}>
              {say("end_chat")}
            </Item>
          )}
        </div>
      )}
    </div>
  );
}

function items(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}

type ItemProps = { icon: ComponentChildren; onChoose: () => void; children: ComponentChildren };

function Item({ icon, onChoose, children }: ItemProps) {
  return (
    <button type="button" class="menu-item" role="menuitem" tabIndex={-1} onClick={onChoose}>
      {icon}
      {children}
    </button>
  );
}

import { render } from "preact";
import base from "../shared/base.css?inline";
import { brandSheet } from "../shared/brand";
import components from "../shared/components.css?inline";
import type { WidgetWord } from "../shared/contract";
import tokens from "../shared/tokens.css?inline";
import { fetchWords } from "../shared/words";
import cards from "./cards.css?inline";
import { Chat } from "./chat";
import { readConfig } from "./config";
import privacy from "./privacy.css?inline";
import { ChatContext } from "./view/context";
import { Widget } from "./view/Widget";
import own from "./widget.css?inline";

const config = readConfig(document.currentScript as HTMLScriptElement | null);

declare global {
  interface Window {
    /** For the shop's page: who is signed in now, where that changes without loading the page. */
    TandemChat?: { signIn(identity: string): void; signOut(): void };
  }
}

/** In a shadow root, with a constructed stylesheet: nothing leaks either way, and a strict CSP has nothing to forbid. */
async function mount(): Promise<void> {
  const words = await fetchWords<WidgetWord>(config.server, config.language, "widget");
  const host = document.createElement("tandem-chat");
  if (config.theme) host.dataset.theme = config.theme;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens + base + components + own + cards + privacy);
  root.adoptedStyleSheets = [sheet, brandSheet(config.server)];
  document.body.append(host);
  const chat = new Chat(config, words);
  render(
    <ChatContext.Provider value={chat}>
      <Widget />
    </ChatContext.Provider>,
    root,
  );
  chat.start();
  window.TandemChat = {
    signIn: (identity) => chat.signIn(identity),
    signOut: () => chat.signOut(),
  };
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void mount());
else void mount();

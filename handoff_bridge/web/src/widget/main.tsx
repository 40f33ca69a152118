import { render } from "preact";
import base from "../shared/base.css?inline";
import components from "../shared/components.css?inline";
import type { WidgetWord } from "../shared/contract";
import { fetchWords } from "../shared/words";
import { announce } from "./announce";
import cards from "./cards.css?inline";
import { Chat } from "./chat";
import privacy from "./privacy.css?inline";
import type { RunningChat, Shell } from "./shell";
import { BackEntry } from "./view/backEntry";
import { ChatContext } from "./view/context";
import { Widget } from "./view/Widget";
import own from "./widget.css?inline";

/** The chat itself; the loader fetches it when a customer opens the chat, or has one to go on with. */
export async function start({ config, place, root, emit }: Shell): Promise<RunningChat> {
  const words = await fetchWords<WidgetWord>(config.server, config.language, "widget");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(base + components + own + cards + privacy);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const chat = new Chat(config, words);
  const entry = new BackEntry(chat);
  announce(chat.store, emit);
  render(
    <ChatContext.Provider value={chat}>
      <Widget entry={entry} />
    </ChatContext.Provider>,
    place,
  );
  chat.start();
  return {
    open: (takeFocus) => chat.open(takeFocus),
    close: () => chat.close(),
    signIn: (identity) => chat.signIn(identity),
    signOut: () => chat.signOut(),
    moved: (event) => entry.moved(event),
  };
}

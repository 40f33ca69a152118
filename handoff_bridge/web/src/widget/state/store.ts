/** What the widget shows, in one object; components subscribe, the chat alone changes it. */

import { Store } from "../../shared/client/store";
import type { ConversationStatus, Sender, WidgetWord } from "../../shared/contract";
import type { Words } from "../../shared/words";
import { emptyLog, type Log } from "./messages";
import type { Outgoing } from "./outbox";
import type { Message } from "./protocol";
import type { Question } from "./survey";

export interface State {
  /** In the customer's language, as far as it is known. */
  words: Words<WidgetWord>;
  open: boolean;
  /**
   * idle: never opened. connecting: first time. online. offline: was or should be connected and is not.
   * expired: the customer's identity has run out, and nothing is shown or sent without a fresh one.
   * refused: pages of this `origin` may not use the chat.
   */
  phase: "idle" | "connecting" | "online" | "offline" | "expired" | "refused";
  origin?: string;
  /** The first history has come. */
  loaded: boolean;
  log: Log;
  outbox: readonly Outgoing[];
  /** Unsent messages that other tabs hold; shown here, sent there. */
  elsewhere: readonly Outgoing[];
  status: ConversationStatus;
  typing?: { sender: Sender; name?: string };
  survey?: Question;
  /** The latest that came while this page was there, and nobody's here wrote: to be announced. */
  heard: Message[];
  ended: boolean;
  /** Help articles stand in the place of the messages, `first` to begin with. */
  reading?: { opened: number; first?: string };
  /** "Talk to a person" was pressed and is not answered. */
  wantsPerson: boolean;
  /** A sentence about something that did not work. */
  notice?: string;
  unread: number;
  /** Rises when somebody else begins to use the page, who must not find what the one before was writing. */
  visitor: number;
}

const firstState: Omit<State, "words"> = {
  open: false,
  phase: "idle",
  loaded: false,
  log: emptyLog,
  outbox: [],
  elsewhere: [],
  status: { owner: "bot" },
  heard: [],
  ended: false,
  wantsPerson: false,
  unread: 0,
  visitor: 0,
};

export type ChatStore = Store<State>;

export const chatStore = (words: Words<WidgetWord>): ChatStore => new Store({ ...firstState, words });

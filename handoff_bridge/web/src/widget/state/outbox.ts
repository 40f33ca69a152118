import type { Entry } from "../../shared/client/outbox";
import type { Attachment } from "../../shared/contract";

/** What the customer has written and the server has not acknowledged. */
export interface Outgoing extends Entry {
  text: string;
  /** What a tapped button sends; `text` is then its title. */
  payload?: string;
  attachments?: Attachment[];
  /** What the customer had seen when writing it, however late it is sent. */
  last_seq?: number;
  /** Sent, and not acknowledged for longer than that takes. */
  slow?: boolean;
}

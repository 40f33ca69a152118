/** Which conversation this browser continues, and what it has to remember about it between pages. */

import type { Status } from "./state/protocol";
import * as storage from "./state/storage";

export class Session {
  private saved: storage.Saved;

  /**
   * `customer` is who has signed in to the shop. Signing in keeps the chat; signing out or in as somebody
   * else begins another one, for the browser may be shared.
   */
  constructor(private readonly customer: string | undefined) {
    this.saved = storage.loadSaved();
    if (this.saved.customer && this.saved.customer !== customer) {
      this.saved = {};
      storage.dropOthers("");
      storage.saveSaved({});
    }
  }

  get id(): string | undefined {
    return this.saved.session_id;
  }
  get ended(): boolean {
    return this.saved.ended ?? false;
  }
  get surveyDue(): boolean {
    return this.saved.survey ?? false;
  }
  get seen(): number {
    return this.saved.seen ?? 0;
  }

  save(patch: Partial<storage.Saved>): void {
    this.saved = { ...this.saved, ...patch };
    storage.saveSaved(this.saved);
  }

  /** True if the server has begun another conversation than the one we had. */
  confirm(id: string): boolean {
    const other = id !== this.saved.session_id;
    if (other) this.saved = {};
    this.save(this.customer ? { session_id: id, customer: this.customer } : { session_id: id });
    return other;
  }

  /** Notes who has the chat; answers what became of the human, of whom we may hear only after a reload. */
  follow(status: Status): "human_came" | "human_left" | "same" {
    const before = this.saved.owner;
    if (before !== status.owner) this.save({ owner: status.owner });
    if (status.owner === "agent") return before === "agent" ? "same" : "human_came";
    return before === "agent" && status.owner !== "queue" ? "human_left" : "same";
  }

  /** Another tab has written; true if it has another session now. */
  reread(): boolean {
    const before = this.id;
    this.saved = storage.loadSaved();
    return this.id !== before;
  }

  forget(): void {
    this.saved = {};
    storage.saveSaved({});
  }
}

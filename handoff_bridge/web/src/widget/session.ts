/** Which conversation this person continues in this browser, and what there is to remember about it between pages. */

import * as storage from "./state/storage";

export class Session {
  shelf!: storage.Shelf;
  /** The customer has ended the chat, and no other has begun. */
  ended = false;
  /** Of the ended chat: still good for the answer to "Did this settle it?". */
  endedId: string | undefined;
  private saved: storage.Saved = {};
  /** The chat from before signing in, until the server has made it this customer's. */
  private adopted: string | undefined;

  /** `customer` is who has signed in to the shop. */
  constructor(customer: string | undefined) {
    this.become(customer);
  }

  /**
   * Goes on as this customer, with their own chat. Signing in keeps the chat of this very tab; what else a
   * browser holds is somebody else's, for it may be shared.
   */
  become(customer: string | undefined): void {
    storage.sortOut();
    this.shelf = new storage.Shelf(customer);
    this.forget();
    this.saved = this.shelf.load();
    this.adopted = undefined;
    if (customer === undefined || this.saved.session_id) return;
    const before = new storage.Shelf(undefined).load();
    if (!before.session_id || before.session_id !== storage.loadTab("anonymous")) return;
    this.saved = before;
    this.adopted = before.session_id;
  }

  get customer(): string | undefined {
    return this.shelf.customer;
  }
  get id(): string | undefined {
    return this.saved.session_id;
  }
  /** This customer has a chat of their own here, and it needs their identity. */
  get isSigned(): boolean {
    return this.customer !== undefined && this.id !== undefined && !this.adopted;
  }
  get surveyed(): number {
    return this.saved.surveyed ?? 0;
  }
  get seen(): number {
    return this.saved.seen ?? 0;
  }
  get draft(): string {
    const own = this.shelf.loadDraft();
    return own || !this.adopted ? own : new storage.Shelf(undefined).loadDraft();
  }

  save(patch: Partial<storage.Saved>): void {
    this.saved = { ...this.saved, ...patch };
    if (this.id && !this.adopted) this.shelf.save(this.saved);
  }

  /** `other`: the server has begun another conversation, or goes on with ours under another id. */
  confirm(id: string): { other: boolean; adopted?: storage.Shelf } {
    const other = id !== this.id;
    const adopted = this.adopted;
    if (other) this.forget();
    this.adopted = undefined;
    this.save({ session_id: id });
    if (this.customer === undefined) storage.saveTab("anonymous", id);
    else if (adopted) storage.saveTab("anonymous", "");
    const before = new storage.Shelf(undefined);
    // Another tab may have begun a new one there.
    return adopted && before.load().session_id === adopted ? { other, adopted: before } : { other };
  }

  /** Another tab has written; true if it has another session now. */
  reread(): boolean {
    const before = this.id;
    if (this.adopted) return false;
    this.saved = this.shelf.load();
    if (this.id) this.ended = false;
    return this.id !== before;
  }

  /** The chat is over: nothing of it stays in this browser. */
  end(): void {
    this.ended = true;
    this.endedId = this.id;
    const before = new storage.Shelf(undefined);
    if (this.adopted && before.load().session_id === this.adopted) before.clear();
    this.shelf.clear();
    if (this.customer === undefined || this.adopted) storage.saveTab("anonymous", "");
    this.adopted = undefined;
    this.saved = {};
  }

  /** They have signed out: what is kept goes at once, the server and the other tabs hear of it. */
  leave(): void {
    const { customer } = this;
    if (this.id) storage.saveEnding([...storage.loadEnding(), this.id]);
    this.end();
    if (customer !== undefined) storage.tellSignedOut(customer);
  }

  /** Nothing is to be continued. */
  forget(): void {
    this.saved = {};
    this.ended = false;
    this.endedId = undefined;
  }
}

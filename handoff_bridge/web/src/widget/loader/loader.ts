/** Stands on every page of the shop: draws the launcher, and fetches the chat itself once somebody wants it. */

import { brand, brandCss } from "../../shared/brand";
import tokens from "../../shared/tokens.css?inline";
import { type Config, customerOf } from "../config";
import { Session } from "../session";
import type { ChatEvents, ChatModule, RunningChat } from "../shell";
import { loadEnding, loadTab, saveTab, whoSignedOut } from "../state/storage";
import { Listeners } from "./events";
import { createHost, type Host } from "./host";
import { Launcher, type LauncherWords } from "./launcher";
import style from "./launcher.css?inline";

/** Of the chat's module below the bridge; the build fills it in. */
declare const CHAT_MODULE: string;

export class Loader {
  readonly listeners = new Listeners();
  isOpen = false;
  unread = 0;
  private host: Host | undefined;
  private launcher: Launcher | undefined;
  private chat: RunningChat | undefined;
  private module: ChatModule | undefined;
  private loading: Promise<void> | undefined;
  private failures = 0;
  /** The panel was asked for, and whether focus shall go there. */
  private wanted: { takeFocus: boolean } | undefined;

  constructor(private readonly config: Config) {
    addEventListener("storage", (event) => this.otherTabWrote(event));
    // Now, to hear of it before a router that the page loads after us.
    addEventListener("popstate", (event) => this.chat?.moved(event));
  }

  /** Once the page has a place for it. */
  start(words: LauncherWords, language: string): void {
    const { config } = this;
    this.host = createHost(config.theme, tokens, brandCss(brand, config.server), style);
    this.launcher = new Launcher(words, language, () => this.open());
    this.launcher.addTo(this.host.top);
    if (this.wanted || this.hasBusiness) void this.load();
    this.emit("ready", {});
  }

  /** Only what the customer does may move the focus, not a page that opens the chat by itself. */
  open(): void {
    const takeFocus = navigator.userActivation.isActive;
    if (this.chat) {
      this.chat.open(takeFocus);
      return;
    }
    this.wanted = { takeFocus };
    if (this.host) void this.load();
  }

  close(): void {
    if (!this.chat && loadTab("open")) saveTab("open", "");
    this.wanted = undefined;
    this.launcher?.loading(false);
    this.chat?.close();
  }

  toggle(): void {
    if (this.isOpen || this.wanted) this.close();
    else this.open();
  }

  identify(identity: string): void {
    if (this.chat) {
      this.chat.signIn(identity);
      return;
    }
    this.config.identity = identity;
    if (this.host && this.hasBusiness) void this.load();
  }

  /** What this browser keeps goes at once, for the page may; the bridge hears of it from the chat. */
  logout(): void {
    if (this.chat) {
      this.chat.signOut();
      return;
    }
    new Session(customerOf(this.config.identity)).leave();
    delete this.config.identity;
    if (this.host && this.hasBusiness) void this.load();
  }

  /** A chat to continue, one to end, or a panel that was open in this tab before the page changed. */
  private get hasBusiness(): boolean {
    const { id } = new Session(customerOf(this.config.identity));
    return id !== undefined || loadEnding().length > 0 || loadTab("open") !== "";
  }

  private load(): Promise<void> {
    this.launcher?.loading(this.wanted !== undefined);
    this.loading ??= this.begin().then(
      () => this.begun(),
      () => this.failed(),
    );
    return this.loading;
  }

  private async begin(): Promise<void> {
    this.module ??= await this.fetchModule();
    const { place, root } = this.host as Host;
    const emit = this.emit.bind(this);
    this.chat = await this.module.start({ config: this.config, place, root, emit });
  }

  private async fetchModule(): Promise<ChatModule> {
    // Firefox remembers that an address did not load, and would not ask for it again.
    const again = this.failures ? `?again=${this.failures}` : "";
    this.failures += 1;
    return import(/* @vite-ignore */ `${this.config.server}/${CHAT_MODULE}${again}`);
  }

  private begun(): void {
    this.launcher?.loading(false);
    if (this.wanted) this.chat?.open(this.wanted.takeFocus);
    this.wanted = undefined;
  }

  private failed(): void {
    this.loading = undefined;
    this.launcher?.loading(false);
    if (this.wanted) this.launcher?.failed();
    this.wanted = undefined;
  }

  private emit<E extends keyof ChatEvents>(event: E, detail: ChatEvents[E]): void {
    if (event === "opened" || event === "closed") this.moved(event === "opened");
    if (event === "unread") this.count((detail as ChatEvents["unread"]).count);
    this.listeners.emit(event, detail);
  }

  private moved(open: boolean): void {
    const hadFocus = this.host?.root.activeElement != null;
    this.isOpen = open;
    this.launcher?.show(open);
    if (!open && hadFocus) this.launcher?.button.focus();
  }

  private count(unread: number): void {
    this.unread = unread;
    this.launcher?.count(unread);
  }

  /** A page that was left open must not speak for somebody who has signed out in another tab. */
  private otherTabWrote(event: StorageEvent): void {
    const gone = whoSignedOut(event);
    if (!this.chat && gone !== undefined && gone === customerOf(this.config.identity))
      delete this.config.identity;
  }
}

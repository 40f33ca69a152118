/** Tells in the page's title, in turn with what the page says there, of what has come and was not seen. */

const TURN_MS = 1_500;

export class TitleNews {
  private news = "";
  private timer: ReturnType<typeof setInterval> | undefined;
  /** As the page has it; undefined where it has no title. */
  private own: string | undefined;
  private shown: string | undefined;

  show(news: string): void {
    if (news === this.news) return;
    this.restore();
    this.news = news;
    if (!news) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    this.turn();
    this.timer ??= setInterval(() => this.turn(), TURN_MS);
  }

  private turn(): void {
    if (this.restore()) return;
    this.own = title()?.textContent ?? undefined;
    this.shown = this.news;
    document.title = this.news;
  }

  /** True if ours was shown, and is not any more. A page that has changed its title meanwhile keeps its own. */
  private restore(): boolean {
    const element = title();
    const isOurs = this.shown !== undefined && element?.textContent === this.shown;
    this.shown = undefined;
    if (!isOurs) return false;
    if (this.own === undefined) element?.remove();
    else if (element) element.textContent = this.own;
    return true;
  }
}

const title = () => document.querySelector("head > title");

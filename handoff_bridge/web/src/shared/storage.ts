/** Where the browser forbids its storage, what is kept lasts as long as the page. */
class PageStorage implements Storage {
  private readonly kept = new Map<string, string>();

  get length(): number {
    return this.kept.size;
  }
  key(at: number): string | null {
    return [...this.kept.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.kept.set(key, text);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
  clear(): void {
    this.kept.clear();
  }
}

/** The browser's storage, or the page's own: merely to name a forbidden one throws. */
function storageOf(kind: "localStorage" | "sessionStorage"): Storage {
  try {
    return globalThis[kind] ?? new PageStorage();
  } catch {
    return new PageStorage();
  }
}

export const ofBrowser = storageOf("localStorage");
export const ofWindow = storageOf("sessionStorage");

/** A choice of the reader's. */
export const setting = (key: string): string | null => ofBrowser.getItem(key);

export function saveSetting(key: string, value: string): void {
  try {
    ofBrowser.setItem(key, value);
  } catch {
    // Full: the choice then lasts as long as the page.
  }
}

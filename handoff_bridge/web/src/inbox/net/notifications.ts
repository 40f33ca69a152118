import { saveSetting, setting } from "../../shared/storage";
import { inOneTab } from "./tabs";

/** Desktop notifications, shown while nobody looks at the inbox. */
const KEY = "tandem.notifications";

/** `insecure`: browsers show none for pages that come by plain HTTP. */
export type Notifying = "on" | "off" | "unasked" | "denied" | "insecure" | "none";

export function notifying(): Notifying {
  if (!window.isSecureContext) return "insecure";
  if (typeof Notification === "undefined") return "none";
  if (Notification.permission === "denied") return "denied";
  if (setting(KEY) === "no") return "off";
  return Notification.permission === "granted" ? "on" : "unasked";
}

/** Call from a click: only then may a page ask. */
export async function turnOn(): Promise<void> {
  saveSetting(KEY, "yes");
  if (Notification.permission === "default") await Notification.requestPermission();
}

export function turnOff(): void {
  saveSetting(KEY, "no");
}

/** What is told `about` the same replaces what was shown. */
type Told = { title: string; body: string; about: string; onOpen: () => void };

/** In one tab, and in none if somebody looks at any: `watched` says whether at this one. */
export function notify({ title, body, about, onOpen }: Told, watched: () => boolean): void {
  inOneTab(
    `notify.${about}.${title}.${body}`,
    () => {
      if (watched() || notifying() !== "on") return;
      const shown = new Notification(title, { body, tag: about });
      shown.onclick = () => {
        window.focus();
        shown.close();
        onOpen();
      };
    },
    !watched(),
  );
}

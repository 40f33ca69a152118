import { Store } from "../../shared/client/store";
import { saveSetting, setting } from "../../shared/storage";
import { inOneTab } from "./tabs";

/** A short two-note chime, made here so that no file is needed. */
const KEY = "tandem.muted";
const NOTES_HZ = [659, 880];
const NOTE_SECS = 0.14;

/** `blocked`: browsers keep a page silent until it is clicked or a key is pressed in it. */
export type Sound = "on" | "muted" | "blocked" | "none";

let context: AudioContext | undefined;
export const sound = new Store<Sound>(soundNow());

/** Call from a click or key press: only then may a page make sound. */
export function wakeSound(): void {
  if (typeof AudioContext === "undefined") return;
  if (!context) {
    context = new AudioContext();
    context.onstatechange = refresh;
  }
  if (context.state === "suspended") context.resume().catch(() => undefined);
  refresh();
}

/** In one tab of those that can sound. */
export function chime(): void {
  const audio = context;
  if (!audio || sound.state !== "on") return;
  inOneTab("chime", () =>
    NOTES_HZ.forEach((hertz, at) => {
      playNote(audio, hertz, audio.currentTime + at * NOTE_SECS);
    }),
  );
}

export function setMuted(muted: boolean): void {
  saveSetting(KEY, muted ? "yes" : "no");
  refresh();
}

/** As another tab has chosen. */
window.addEventListener("storage", ({ key }) => key === KEY && refresh());

function refresh(): void {
  sound.update(soundNow);
}

function soundNow(): Sound {
  if (typeof AudioContext === "undefined") return "none";
  if (setting(KEY) === "yes") return "muted";
  return context?.state === "running" ? "on" : "blocked";
}

function playNote(audio: AudioContext, hertz: number, start: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECS * 1.8);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECS * 2);
}

/** A short two-note chime, made here so that no file is needed. Browsers keep it silent until the first gesture. */
const KEY = "tandem.muted";
const NOTES_HZ = [659, 880];
const NOTE_SECS = 0.14;

let context: AudioContext | undefined;

/** Call from a click or key press: only then may a page make sound. */
export function wakeSound(): void {
  context ??= typeof AudioContext === "undefined" ? undefined : new AudioContext();
  if (context?.state === "suspended") context.resume().catch(() => undefined);
}

export function chime(): void {
  const audio = context;
  if (audio?.state !== "running" || isMuted()) return;
  NOTES_HZ.forEach((hertz, at) => {
    playNote(audio, hertz, audio.currentTime + at * NOTE_SECS);
  });
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

export function isMuted(): boolean {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

export function setMuted(muted: boolean): void {
  try {
    localStorage.setItem(KEY, muted ? "yes" : "no");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

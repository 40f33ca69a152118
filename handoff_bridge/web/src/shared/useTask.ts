import { useRef, useState } from "preact/hooks";

const FAILED = "That did not work. Nothing is lost; try again in a moment.";

/** Does it; what throws is told to the reader by `complain`. */
export async function attempt(
  complain: (sentence: string) => void,
  task: () => Promise<unknown>,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    console.error(error);
    complain(FAILED);
  }
}

/**
 * One thing that a button does: `busy` until it ends, however it ends, and not begun twice meanwhile.
 * What throws, or cannot be sent, is told to the reader by `complain`.
 */
export function useTask(complain: (sentence: string) => void) {
  const [busy, setBusy] = useState(false);
  const going = useRef(false);
  const run = async (task: () => Promise<unknown>): Promise<void> => {
    if (going.current) return;
    going.current = true;
    setBusy(true);
    await attempt(complain, task);
    going.current = false;
    setBusy(false);
  };
  return { busy, run };
}

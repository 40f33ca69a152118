import { useState } from "preact/hooks";
import { explained } from "../shared/desk/Problem";

/** What a dialog asks of the server: whether it is under way, and why it did not work. Once it has, the dialog closes. */
export function useSending() {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (task: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      await task();
    } catch (error) {
      setProblem(explained(error));
      setBusy(false);
    }
  };
  return { problem, setProblem, busy, send };
}

import { useCallback, useState } from "preact/hooks";
import type { Keep } from "./state/keep";

/**
 * What is filled in of a dialog, kept under a name until it is done: neither a click beside the dialog
 * nor a reload costs a word of it.
 */
export function useKept<T extends object>(keep: Keep, name: string, empty: T) {
  const [value, setValue] = useState<T>(() => ({ ...empty, ...keep.form<T>(name) }));
  const change = (patch: Partial<T>) =>
    setValue((held) => {
      const next = { ...held, ...patch };
      keep.saveForm(name, next);
      return next;
    });
  const forget = useCallback(() => keep.saveForm(name, undefined), [keep, name]);
  return { value, change, forget };
}

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Mistake } from "../../shared/contract";
import { ApiError, type Documents, fetchDocument, saveDocument } from "../../shared/desk/api";

export type Load<D> = { state: "loading" } | { state: "failed" } | { state: "ready"; document: D };

/** Why a text was not saved. After `old` it can be saved on top of the version that is there by now. */
export type Refusal =
  | { kind: "wrong"; mistakes: Mistake[] }
  | { kind: "old"; message: string }
  | { kind: "failed"; message: string };

export type Save = (text: string, version: number) => Promise<Refusal | undefined>;

/** A document as it is now, and a way to save the next version. */
export function useDocument<N extends keyof Documents>(name: N, onExpire: () => void) {
  const [load, setLoad] = useState<Load<Documents[N]>>({ state: "loading" });
  const refresh = useCallback(async () => {
    try {
      setLoad({ state: "ready", document: await fetchDocument(name) });
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) onExpire();
      else setLoad({ state: "failed" });
    }
  }, [name, onExpire]);
  useEffect(() => {
    refresh();
  }, [refresh]);
  const save: Save = useCallback(
    async (text, version) => {
      try {
        setLoad({ state: "ready", document: await saveDocument(name, version, text) });
        return undefined;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.isSignedOut) onExpire();
        if (error.code === "old_version") await refresh();
        return refusalOf(error);
      }
    },
    [name, onExpire, refresh],
  );
  return { load, refresh, save };
}

function refusalOf(error: ApiError): Refusal {
  if (error.code === "invalid_document") return { kind: "wrong", mistakes: error.mistakes };
  if (error.code === "old_version") return { kind: "old", message: error.message };
  return { kind: "failed", message: error.message };
}

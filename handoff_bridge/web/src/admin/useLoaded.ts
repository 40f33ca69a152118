import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "../shared/desk/api";

export type Loaded<T> = { state: "loading" } | { state: "failed" } | { state: "ready"; value: T };

/** What a part of a page shows, fetched when it opens and when `refresh` is called. */
export function useLoaded<T>(fetchIt: () => Promise<T>, onExpire: () => void) {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const refresh = useCallback(async () => {
    try {
      setLoaded({ state: "ready", value: await fetchIt() });
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) return onExpire();
      setLoaded({ state: "failed" });
    }
  }, []);
  useEffect(() => {
    void refresh();
  }, []);
  return { loaded, refresh };
}

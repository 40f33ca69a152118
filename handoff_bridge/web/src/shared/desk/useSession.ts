import { useCallback, useEffect, useState } from "preact/hooks";
import type { Me } from "../contract";
import { ApiError, fetchMe, logOut } from "./api";

export type Session =
  | { state: "loading" }
  | { state: "unreachable" }
  | { state: "signed_out"; expired: boolean }
  | { state: "signed_in"; me: Me };

/** Who is logged in, by the cookie. */
export function useSession() {
  const [session, setSession] = useState<Session>({ state: "loading" });
  const refresh = useCallback(async () => {
    try {
      setSession({ state: "signed_in", me: await fetchMe() });
    } catch (error) {
      const signedOut = error instanceof ApiError && error.isSignedOut;
      setSession(signedOut ? { state: "signed_out", expired: false } : { state: "unreachable" });
    }
  }, []);
  const leave = useCallback(async () => {
    await logOut().catch(() => undefined);
    setSession({ state: "signed_out", expired: false });
  }, []);
  const expire = useCallback(() => setSession({ state: "signed_out", expired: true }), []);
  useEffect(() => {
    refresh();
  }, [refresh]);
  return { session, refresh, leave, expire };
}

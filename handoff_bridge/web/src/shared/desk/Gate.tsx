import type { ComponentChildren } from "preact";
import { Button } from "../Button";
import type { Me } from "../contract";
import { OfflineIcon } from "../icons";
import { Enrol } from "./Enrol";
import { SignIn } from "./SignIn";
import { useSession } from "./useSession";

type Account = { me: Me; leave: () => void; expire: () => void };
type Props = { place: string; children: (account: Account) => ComponentChildren };

/** Shows its page only to somebody who is logged in. */
export function Gate({ place, children }: Props) {
  const { session, refresh, leave, expire } = useSession();
  if (session.state === "signed_in" && session.me.must_enrol) {
    return <Enrol onDone={refresh} onLeave={leave} />;
  }
  if (session.state === "signed_in") return <>{children({ me: session.me, leave, expire })}</>;
  if (session.state === "signed_out") {
    return <SignIn place={place} expired={session.expired} onDone={refresh} />;
  }
  if (session.state === "loading") {
    return (
      <main class="page-state" aria-busy="true">
        <p class="soft">Opening {place}…</p>
      </main>
    );
  }
  return (
    <main class="page-state">
      <OfflineIcon />
      <h1>The server does not answer</h1>
      <p class="soft">It may be starting, or your connection is down.</p>
      <Button onClick={refresh}>Try again</Button>
    </main>
  );
}

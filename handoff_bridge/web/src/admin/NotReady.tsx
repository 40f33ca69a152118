import { Button } from "../shared/Button";
import type { Loaded } from "./useLoaded";

type Props = { loaded: Loaded<unknown>; what: string; refresh: () => void };

/** In the place of a list that is not there yet, or did not come. */
export function NotReady({ loaded, what, refresh }: Props) {
  if (loaded.state === "loading") {
    return (
      <p class="soft" aria-busy="true">
        Loading {what}…
      </p>
    );
  }
  if (loaded.state === "ready") return null;
  return (
    <div class="panel">
      <p>The list did not load.</p>
      <p>
        <Button onClick={refresh}>Try again</Button>
      </p>
    </div>
  );
}

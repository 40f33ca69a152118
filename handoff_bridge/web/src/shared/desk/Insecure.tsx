import { Banner } from "../Banner";
import { WarningIcon } from "../icons";

/** By plain HTTP, save on this very machine, anybody on the way can read along. */
export function Insecure() {
  if (window.isSecureContext) return null;
  return (
    <Banner tone="amber" icon={<WarningIcon small />}>
      This page is not secure: others on this network can read what you see and write. It works all the same;
      ask whoever runs it for an address with https.
    </Banner>
  );
}

import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { LinkMade, Person } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { CopyIcon } from "../../shared/desk/icons";
import { fullTime } from "../../shared/time";

type Props = { person: Person; link: LinkMade; onClose: () => void };

/** The link, shown this once. */
export function LinkDialog({ person, link, onClose }: Props) {
  const [told, setTold] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.link);
      setTold("Copied.");
    } catch {
      setTold("Select the link and copy it.");
    }
  };
  return (
    <Dialog title={`Link for ${person.name}`} onClose={onClose}>
      <div class="stack">
        <p>
          Send this to {person.name} where only they read it. It is good once, until{" "}
          {fullTime(link.expires_at)}, and is not shown again.
        </p>
        <label class="field">
          <span>Link</span>
          <input value={link.link} readOnly data-first onFocus={(event) => event.currentTarget.select()} />
        </label>
        <div class="row">
          <Button kind="primary" onClick={copy}>
            <CopyIcon small /> Copy
          </Button>
          <span role="status">{told}</span>
        </div>
      </div>
    </Dialog>
  );
}

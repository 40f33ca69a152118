import type { LinkMade, Person } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { fullTime } from "../../shared/time";
import { CopyField } from "../CopyField";

type Props = { person: Person; link: LinkMade; onClose: () => void };

/** The link, shown this once. */
export function LinkDialog({ person, link, onClose }: Props) {
  return (
    <Dialog title={`Link for ${person.name}`} onClose={onClose}>
      <div class="stack">
        <p>
          Send this to {person.name} where only they read it. It is good once, until{" "}
          {fullTime(link.expires_at)}, and is not shown again.
        </p>
        <CopyField label="Link" value={link.link} />
      </div>
    </Dialog>
  );
}

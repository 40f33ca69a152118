import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import { OfflineIcon } from "../../shared/icons";
import type { Link } from "../state/inbox";

type Props = { link: Link; waiting: number; onRetry: () => void };

/** What a lost connection means for the agent: keep writing. */
export function LinkBanner({ link, waiting, onRetry }: Props) {
  if (link.state !== "offline") return null;
  const kept = waiting === 1 ? " 1 message waits." : waiting > 1 ? ` ${waiting} messages wait.` : "";
  return (
    <Banner
      tone="amber"
      icon={<OfflineIcon small />}
      actions={
        <Button size="small" onClick={onRetry}>
          Try now
        </Button>
      }
    >
      No connection. Keep writing: it is sent once you are back.{kept}
      {link.tries > 0 && <span class="tries"> Try {link.tries}…</span>}
    </Banner>
  );
}

import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Webhook, WebhookDelivery } from "../../shared/contract";
import { ApiError } from "../../shared/desk/api";
import { Dialog } from "../../shared/desk/Dialog";
import { explained, Problem } from "../../shared/desk/Problem";
import { fetchDeliveries, PAGE, redeliver } from "./api";
import { DeliveryRow } from "./DeliveryRow";
import { isUnderWay } from "./words";

const LOOK_AGAIN_MS = 1_000;

type Props = { webhook: Webhook; onClose: () => void; onExpire: () => void };

/** What was sent to a webhook and what came of it; looks again while something is on its way. */
export function DeliveriesDialog({ webhook, onClose, onExpire }: Props) {
  const { webhook_id: id } = webhook;
  const [found, setFound] = useState<WebhookDelivery[]>();
  const [hasMore, setHasMore] = useState(false);
  const [problem, setProblem] = useState("");
  const attempt = useCallback(async (work: () => Promise<void>) => {
    try {
      await work();
      setProblem("");
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) return onExpire();
      setProblem(explained(error));
    }
  }, []);
  const look = () =>
    attempt(async () => {
      const newest = await fetchDeliveries(id);
      setFound((known) => merged(newest, known ?? []));
      setHasMore((more) => more || newest.length === PAGE);
    });
  const older = () =>
    attempt(async () => {
      const page = await fetchDeliveries(id, found?.at(-1)?.delivery_id);
      setFound((known) => [...(known ?? []), ...page]);
      setHasMore(page.length === PAGE);
    });
  const again = (deliveryId: string) =>
    attempt(async () => {
      const sent = await redeliver(id, deliveryId);
      setFound((known) => known?.map((one) => (one.delivery_id === deliveryId ? sent : one)));
    });
  useEffect(() => void look(), []);
  useEffect(() => {
    if (!found?.some((one) => isUnderWay(one, new Date()))) return;
    const timer = setTimeout(look, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [found]);
  return (
    <Dialog title="Deliveries" kind="wide" onClose={onClose}>
      <div class="stack">
        <p class="webhook-url soft">{webhook.url}</p>
        {!found && !problem && (
          <p class="soft" aria-busy="true">
            Loading deliveries…
          </p>
        )}
        <Problem text={problem} />
        {!found && problem && <Button onClick={look}>Try again</Button>}
        {found?.length === 0 && (
          <p class="soft">Nothing was sent to it in the last 30 days. A test shows whether events arrive.</p>
        )}
        {found && found.length > 0 && (
          <ul class="deliveries">
            {found.map((one) => (
              <DeliveryRow
                key={one.delivery_id}
                delivery={one}
                canSend={webhook.status === "active"}
                onAgain={() => again(one.delivery_id)}
              />
            ))}
          </ul>
        )}
        {hasMore && <Button onClick={older}>Older</Button>}
      </div>
    </Dialog>
  );
}

/** The newest page before what was known; each once, as it is now. */
function merged(newest: WebhookDelivery[], known: WebhookDelivery[]): WebhookDelivery[] {
  const ids = new Set(newest.map((one) => one.delivery_id));
  return [...newest, ...known.filter((one) => !ids.has(one.delivery_id))];
}

import { Button } from "../../shared/Button";
import type { WebhookDelivery } from "../../shared/contract";
import { fullTime } from "../../shared/time";
import { outcome, standing } from "./words";

type Props = { delivery: WebhookDelivery; canSend: boolean; onAgain: () => void };

/** One delivery; opened, its attempts and what was sent. */
export function DeliveryRow({ delivery, canSend, onAgain }: Props) {
  const { event, created_at: at, attempts, payload } = delivery;
  const { word, tone } = standing(delivery);
  const last = attempts.at(-1);
  return (
    <li class="delivery">
      <details>
        <summary>
          <code>{event}</code>
          <span class="soft">{fullTime(at)}</span>
          <span class="delivery-state">
            {last && delivery.state !== "delivered" && <span class="soft">{outcome(last)}</span>}
            <span class={`chip webhook-${tone}`}>{word}</span>
          </span>
        </summary>
        <div class="stack">
          <h3>{attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`}</h3>
          <ol class="attempts">
            {attempts.map((one) => (
              <li key={one.at}>
                <span>
                  {fullTime(one.at)}: {outcome(one)}
                </span>
                {one.response && <pre>{one.response}</pre>}
              </li>
            ))}
          </ol>
          <h3>What is sent</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
          <pre class="payload" tabIndex={0}>
            {JSON.stringify(payload, null, 2)}
          </pre>
          {canSend && (
            <Button size="small" onClick={onAgain} aria-label={`Send ${event} again`}>
              Send again
            </Button>
          )}
        </div>
      </details>
    </li>
  );
}

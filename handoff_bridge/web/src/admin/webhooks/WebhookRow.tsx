import { Button } from "../../shared/Button";
import type { Webhook, WebhookMade } from "../../shared/contract";
import type { Deed } from "./ConfirmDialog";
import { health, healthSentence } from "./words";

/** What is open above the list. */
export type Open =
  | { what: "add" }
  | { what: "edit" | "deliveries"; webhook: Webhook }
  | { what: "ask"; deed: Deed; webhook: Webhook }
  | { what: "secret"; made: WebhookMade };

type Props = { webhook: Webhook; onOpen: (open: Open) => void; onTest: () => void };

/** A webhook, how it is doing, and what may be done about it. */
export function WebhookRow({ webhook, onOpen, onTest }: Props) {
  const { url, description, events } = webhook;
  const { word, tone } = health(webhook);
  const sentence = healthSentence(webhook);
  const isActive = webhook.status === "active";
  const ask = (deed: Deed) => () => onOpen({ what: "ask", deed, webhook });
  return (
    <li class="webhook">
      <div class="webhook-head">
        <h3 class="webhook-url">{description || url}</h3>
        <span class={`chip webhook-${tone}`}>{word}</span>
      </div>
      {description && <span class="webhook-url soft">{url}</span>}
      {sentence && <p class={tone === "good" ? "soft" : `webhook-why webhook-${tone}`}>{sentence}</p>}
      <p class="webhook-events">
        {events.map((event) => (
          <code key={event}>{event}</code>
        ))}
      </p>
      <fieldset class="person-deeds">
        <legend class="visually-hidden">{description || url}</legend>
        <Button size="small" onClick={() => onOpen({ what: "deliveries", webhook })}>
          Deliveries
        </Button>
        {isActive && (
          <Button size="small" onClick={onTest}>
            Send a test
          </Button>
        )}
        <Button size="small" onClick={() => onOpen({ what: "edit", webhook })}>
          Edit
        </Button>
        <Button size="small" onClick={ask("rotate")}>
          New secret
        </Button>
        <Button size="small" onClick={ask(isActive ? "disable" : "enable")}>
          {isActive ? "Disable" : "Enable"}
        </Button>
        <Button size="small" kind="danger" onClick={ask("delete")}>
          Delete
        </Button>
      </fieldset>
    </li>
  );
}

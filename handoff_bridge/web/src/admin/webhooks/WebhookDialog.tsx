import { useId } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Webhook, WebhookMade } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { Problem } from "../../shared/desk/Problem";
import { useSending } from "../useSending";
import { addWebhook, changeWebhook } from "./api";
import { eventWords, SUGGESTED } from "./words";

type Props = {
  eventTypes: string[];
  webhook?: Webhook;
  onClose: () => void;
  onSaved: (made?: WebhookMade) => void;
};

/** Adds a webhook, which then shows its secret; or changes one. */
export function WebhookDialog({ eventTypes, webhook, onClose, onSaved }: Props) {
  const { problem, setProblem, busy, send } = useSending();
  const form = useId();
  const chosen = webhook?.events ?? SUGGESTED;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(typed.get(name) ?? "").trim();
    const events = typed.getAll("events").map(String);
    if (events.length === 0) return setProblem("Choose at least one event.");
    const asked = { url: text("url"), description: text("description"), events };
    await send(async () => {
      if (webhook) await changeWebhook(webhook.webhook_id, asked);
      onSaved(webhook ? undefined : await addWebhook(asked));
    });
  };
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" type="submit" form={form} disabled={busy}>
        {webhook ? "Save" : "Add"}
      </Button>
    </>
  );
  return (
    <Dialog title={webhook ? "Edit the webhook" : "Add a webhook"} onClose={onClose} footer={footer}>
      <form id={form} class="stack" onSubmit={submit}>
        <label class="field">
          <span>
            Address <span class="soft">where events are sent, https://</span>
          </span>
          <input
            name="url"
            type="url"
            inputMode="url"
            autocomplete="off"
            defaultValue={webhook?.url ?? ""}
            placeholder="https://crm.example.com/tandem"
            required
            data-first
          />
        </label>
        <label class="field">
          <span>
            Description <span class="soft">optional, for colleagues</span>
          </span>
          <input
            name="description"
            maxLength={200}
            autocomplete="off"
            defaultValue={webhook?.description ?? ""}
          />
        </label>
        <fieldset class="events">
          <legend>Events</legend>
          {eventTypes.map((kind) => (
            <label key={kind} class="check">
              <input type="checkbox" name="events" value={kind} defaultChecked={chosen.includes(kind)} />
              <span>
                <code>{kind}</code> <span class="soft">{eventWords(kind)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Problem text={problem} />
      </form>
    </Dialog>
  );
}

import type { Webhook, WebhookMade } from "../../shared/contract";
import { ActionDialog } from "../ActionDialog";
import { changeWebhook, deleteWebhook, rotateSecret } from "./api";

export type Deed = "rotate" | "disable" | "enable" | "delete";

type Words = { title: string; text: string; button: string; danger?: boolean };
const WORDS: Record<Deed, Words> = {
  rotate: {
    title: "New secret",
    text: "You get a new secret. For 24 hours deliveries are signed with the old one too, so that nothing is refused meanwhile.",
    button: "Make a new secret",
  },
  disable: {
    title: "Disable the webhook",
    text: "Nothing is sent to it any more. Events that happen meanwhile are not kept for it.",
    button: "Disable",
    danger: true,
  },
  enable: {
    title: "Enable the webhook",
    text: "What was waiting when it was disabled is sent first, then everything that happens from now on.",
    button: "Enable",
  },
  delete: {
    title: "Delete the webhook",
    text: "Nothing is sent to it any more, and its log of deliveries is gone.",
    button: "Delete",
    danger: true,
  },
};

type Props = {
  deed: Deed;
  webhook: Webhook;
  onClose: () => void;
  onDone: (made?: WebhookMade) => void;
};

/** What may be done about a webhook. */
export function ConfirmDialog({ deed, webhook, onClose, onDone }: Props) {
  const { title, text, button, danger } = WORDS[deed];
  const act = async () => onDone(await perform(deed, webhook.webhook_id));
  return (
    <ActionDialog title={title} button={button} danger={danger} act={act} onClose={onClose}>
      <p class="webhook-url">{webhook.url}</p>
      <p>{text}</p>
    </ActionDialog>
  );
}

async function perform(deed: Deed, id: string): Promise<WebhookMade | undefined> {
  if (deed === "rotate") return rotateSecret(id);
  if (deed === "delete") await deleteWebhook(id);
  else await changeWebhook(id, { status: deed === "enable" ? "active" : "disabled" });
  return undefined;
}

import type {
  Webhook,
  WebhookAdd,
  WebhookChange,
  WebhookDeliveries,
  WebhookDelivery,
  WebhookMade,
  Webhooks,
} from "../../shared/contract";
import { call, post, sending } from "../../shared/desk/api";

const at = (id: string, rest = "") => `/webhooks/${encodeURIComponent(id)}${rest}`;

export const PAGE = 20;

export const fetchWebhooks = () => call<Webhooks>("/webhooks");
export const addWebhook = (added: WebhookAdd) => call<WebhookMade>("/webhooks", post(added));
export const changeWebhook = (id: string, change: WebhookChange) =>
  call<Webhook>(at(id), sending("PATCH", change));
export const deleteWebhook = (id: string) => call(at(id), { method: "DELETE" });
export const rotateSecret = (id: string) => call<WebhookMade>(at(id, "/secret"), post({}));
export const sendTest = (id: string) => call<WebhookDelivery>(at(id, "/test"), post({}));
export const fetchDeliveries = async (id: string, before?: string): Promise<WebhookDelivery[]> => {
  const page = new URLSearchParams({ limit: String(PAGE), ...(before && { before }) });
  return (await call<WebhookDeliveries>(at(id, `/deliveries?${page}`))).deliveries;
};
export const redeliver = (id: string, deliveryId: string) =>
  call<WebhookDelivery>(at(id, `/deliveries/${encodeURIComponent(deliveryId)}/redeliver`), post({}));

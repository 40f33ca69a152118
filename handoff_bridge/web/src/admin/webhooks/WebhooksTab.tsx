import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Webhook, WebhookMade } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { explained, Problem } from "../../shared/desk/Problem";
import { CopyField } from "../CopyField";
import { NotReady } from "../NotReady";
import type { TabProps } from "../tabProps";
import { useLoaded } from "../useLoaded";
import { fetchWebhooks, sendTest } from "./api";
import { ConfirmDialog } from "./ConfirmDialog";
import { DeliveriesDialog } from "./DeliveriesDialog";
import { WebhookDialog } from "./WebhookDialog";
import { type Open, WebhookRow } from "./WebhookRow";
import "./webhooks.css";

/** Which programs of the shop's hear of what happens, and whether it reaches them. */
export function WebhooksTab({ onExpire }: TabProps) {
  const { loaded, refresh } = useLoaded(fetchWebhooks, onExpire);
  const [open, setOpen] = useState<Open>();
  const [problem, setProblem] = useState("");
  const close = () => setOpen(undefined);
  const done = (made?: WebhookMade) => {
    setOpen(made && { what: "secret", made });
    void refresh();
  };
  const test = async (webhook: Webhook) => {
    setProblem("");
    try {
      await sendTest(webhook.webhook_id);
      setOpen({ what: "deliveries", webhook });
    } catch (error) {
      setProblem(explained(error));
      await refresh();
    }
  };
  const add = (
    <Button kind="primary" onClick={() => setOpen({ what: "add" })}>
      Add a webhook
    </Button>
  );
  return (
    <div class="stack-wide">
      <header class="section-head">
        <h2>Webhooks</h2>
        {loaded.state === "ready" && loaded.value.webhooks.length > 0 && add}
      </header>
      <p class="soft">
        A webhook tells a program of yours, a CRM say, what happens here: each event is sent to its address,
        signed with its secret.
      </p>
      <Problem text={problem} />
      <NotReady loaded={loaded} what="webhooks" refresh={refresh} />
      {loaded.state === "ready" && loaded.value.webhooks.length === 0 && (
        <div class="panel">
          <p>Nobody is told anything yet.</p>
          <div class="row">{add}</div>
        </div>
      )}
      {loaded.state === "ready" && loaded.value.webhooks.length > 0 && (
        <ul class="webhooks">
          {loaded.value.webhooks.map((one) => (
            <WebhookRow key={one.webhook_id} webhook={one} onOpen={setOpen} onTest={() => test(one)} />
          ))}
        </ul>
      )}
      {loaded.state === "ready" && (open?.what === "add" || open?.what === "edit") && (
        <WebhookDialog
          eventTypes={loaded.value.event_types}
          {...(open.what === "edit" && { webhook: open.webhook })}
          onClose={close}
          onSaved={done}
        />
      )}
      {open?.what === "ask" && (
        <ConfirmDialog deed={open.deed} webhook={open.webhook} onClose={close} onDone={done} />
      )}
      {open?.what === "secret" && <SecretDialog made={open.made} onClose={close} />}
      {open?.what === "deliveries" && (
        <DeliveriesDialog webhook={open.webhook} onClose={() => done()} onExpire={onExpire} />
      )}
    </div>
  );
}

/** The secret, shown this once. */
function SecretDialog({ made, onClose }: { made: WebhookMade; onClose: () => void }) {
  return (
    <Dialog title="The webhook's secret" onClose={onClose}>
      <div class="stack">
        <p>
          Give this to the program at <span class="webhook-url">{made.url}</span>, which verifies with it that
          events are ours. It is not shown again.
        </p>
        <CopyField label="Secret" value={made.secret} />
      </div>
    </Dialog>
  );
}

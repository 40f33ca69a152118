import type { ComponentChildren } from "preact";
import { brand } from "../../shared/brand";
import type { Me } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { setSingleKeys } from "../keys";
import type { Desk } from "../net/desk";
import type { Inbox } from "../state/inbox";
import type { Commands } from "../useCommands";
import { AlertsDialog } from "./AlertsDialog";
import { EndDialog } from "./EndDialog";
import { KeysDialog } from "./KeysDialog";
import { PassDialog } from "./PassDialog";
import { RemindDialog } from "./RemindDialog";

type Props = { desk: Desk; inbox: Inbox; me: Me; commands: Commands; panel: ComponentChildren };

/** The one dialog that is open, if any: the packet as a drawer, the keys, return or close. */
export function Floats({ desk, inbox, me, commands, panel }: Props) {
  const { floating, row, mine, head, singleKeys } = commands;
  const shut = () => commands.setFloating(undefined);
  if (floating === "keys") {
    const change = (on: boolean) => {
      setSingleKeys(on);
      commands.setSingleKeys(on);
    };
    return <KeysDialog singleKeys={singleKeys} onSingleKeys={change} onClose={shut} />;
  }
  if (floating === "alerts") return <AlertsDialog onClose={shut} />;
  if (!row || !floating) return null;
  if (floating === "panel") {
    if (!panel) return null;
    return (
      <Dialog title={`What ${brand.assistant} knows`} kind="drawer" onClose={shut}>
        {panel}
      </Dialog>
    );
  }
  if (floating === "remind") {
    return (
      <RemindDialog
        work={desk.work}
        conversationId={row.conversation_id}
        name={row.customer.name}
        onClose={shut}
      />
    );
  }
  // Ended meanwhile, from another tab or by a late answer.
  if (!mine) return null;
  const events = inbox.logs[row.conversation_id]?.events ?? [];
  const leaving = {
    row,
    keep: desk.keep,
    events,
    onRefresh: () => desk.catchUp(row.conversation_id),
    onDone: () => {
      shut();
      head.current?.focus();
    },
    onCancel: shut,
  };
  if (floating === "release" || floating === "transfer") {
    return (
      <PassDialog
        key={`${row.handoff_id}.${floating}`}
        kind={floating}
        me={me}
        agents={inbox.agents}
        onPass={(event, payload) => desk.end(event, payload)}
        {...leaving}
      />
    );
  }
  const packet = inbox.packets[row.handoff_id];
  return (
    <EndDialog
      key={`${row.handoff_id}.${floating}`}
      kind={floating}
      packet={typeof packet === "object" ? packet : undefined}
      onEnd={(event, payload) => desk.end(event, payload)}
      onRemind={async (due) => {
        const ack = await desk.work.remind({ conversation_id: row.conversation_id, ...due });
        if (!ack.ok) desk.complain(`The reminder is not set. ${ack.message}`);
      }}
      {...leaving}
    />
  );
}

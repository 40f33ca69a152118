import { Banner } from "../shared/Banner";
import { IconButton } from "../shared/Button";
import { brand } from "../shared/brand";
import { useStore } from "../shared/client/store";
import type { Me } from "../shared/contract";
import { useNow } from "../shared/desk/hooks";
import { Insecure } from "../shared/desk/Insecure";
import { CloseIcon, WarningIcon } from "../shared/icons";
import { type Finding, useFinding } from "./finding/useFinding";
import type { Desk } from "./net/desk";
import { AskToNotify } from "./parts/AskToNotify";
import { Chat } from "./parts/Chat";
import { EmptyChat } from "./parts/EmptyChat";
import { Floats } from "./parts/Floats";
import { LinkBanner } from "./parts/LinkBanner";
import { Lists } from "./parts/Lists";
import { Offers } from "./parts/Offers";
import { Packet } from "./parts/Packet";
import { Alerts, Reminders } from "./parts/Todo";
import { TopBar } from "./parts/TopBar";
import { hasDraft } from "./state/drafts";
import { type Inbox, withNotice } from "./state/inbox";
import { unsent } from "./state/outbox";
import { hasPacket, queueOf } from "./state/rows";
import { type Commands, useCommands } from "./useCommands";
import { useAddress, useAttention, useSeenMentions } from "./usePage";

type Props = { desk: Desk; me: Me; onLeave: () => void };

/** The whole page: three columns, fewer when there is no room, and what floats above them. */
export function App({ desk, me, onLeave }: Props) {
  const inbox = useStore(desk.store);
  const finding = useFinding(desk, me);
  const commands = useCommands(desk, inbox, me, finding);
  useAttention(desk);
  useAddress(desk, inbox);
  useSeenMentions(desk, inbox);
  const { row, single, wide } = commands;
  const page = { desk, inbox, me, commands, finding };
  const packet = row && (
    <Packet
      packet={inbox.packets[row.handoff_id]}
      act={commands.mine ? (call) => desk.act({ ...call, conversation_id: row.conversation_id }) : undefined}
      onShow={commands.showMessage}
      onRetry={() => desk.loadPacket(row.handoff_id)}
    />
  );
  const panel = row && (hasPacket(row) ? packet : <NeverHandedOff />);
  return (
    <div class={`inbox ${row ? "inbox-chat" : "inbox-lists"}`}>
      <button type="button" class="skip-link" onClick={() => commands.head.current?.focus()}>
        Skip to the conversation
      </button>
      <TopBar
        me={me}
        self={inbox.self}
        finding={single ? undefined : finding}
        onPresence={(status) => desk.setPresence(status)}
        onAlerts={() => commands.setFloating("alerts")}
        onKeys={() => commands.setFloating("keys")}
        onLeave={onLeave}
      />
      <Banners desk={desk} inbox={inbox} me={me} commands={commands} />
      {!single && <Left {...page} />}
      {single && !row ? (
        <main class="lists-alone">
          <Left {...page} />
        </main>
      ) : (
        <Middle {...page} />
      )}
      {wide && panel && (
        <aside class="panel" aria-label={`What ${brand.assistant} knows`}>
          {panel}
        </aside>
      )}
      <Floats {...page} panel={wide ? undefined : panel} />
      <Spoken desk={desk} />
    </div>
  );
}

type PartProps = { desk: Desk; inbox: Inbox; me: Me; commands: Commands };

function Left({ desk, inbox, me, commands, finding }: PartProps & { finding: Finding }) {
  const now = useNow();
  return (
    <Lists
      rows={inbox.rows}
      agents={inbox.agents}
      arrivals={inbox.arrivals}
      hasDraft={(id) => hasDraft(inbox.drafts, id) || desk.files.of(id).length > 0}
      loading={inbox.self === undefined}
      selected={inbox.selected}
      now={now}
      me={me}
      onOpen={commands.openAt}
      onTakeOver={commands.takeOverFromList}
      finding={finding}
      hasSearch={commands.single}
    >
      <Reminders inbox={inbox} work={desk.work} onOpen={commands.openKnown} />
    </Lists>
  );
}

function Middle({ desk, inbox, me, commands }: PartProps) {
  const { row, single, wide } = commands;
  if (row) {
    return (
      <Chat
        row={row}
        inbox={inbox}
        desk={desk}
        me={me}
        hasBack={single}
        hasPanelButton={!wide}
        headRef={commands.head}
        boxRef={commands.box}
        onKind={commands.write}
        onBack={commands.back}
        onPanel={() => commands.setFloating("panel")}
        onEnd={commands.setFloating}
        onClaim={commands.claim}
        onTakeOver={commands.takeOver}
      />
    );
  }
  return <EmptyChat waiting={queueOf(inbox.rows).length} loading={inbox.self === undefined} />;
}

function Banners({ desk, inbox, me, commands }: PartProps) {
  const dismiss = () => desk.store.update(withNotice(undefined));
  return (
    <div class="inbox-banners">
      <Insecure />
      <AskToNotify missed={inbox.missed} />
      <LinkBanner
        link={inbox.link}
        waiting={unsent(inbox.outbox).length}
        onRetry={() => desk.reconnectNow()}
      />
      <Offers
        rows={inbox.rows}
        me={me}
        offline={inbox.link.state !== "online"}
        complain={(sentence) => desk.complain(sentence)}
        onAccept={commands.accept}
        onDecline={(row, reason) => desk.decline(row.handoff_id, reason)}
      />
      <Alerts inbox={inbox} work={desk.work} onOpen={commands.openKnown} />
      {inbox.notice && (
        <Banner
          {...(inbox.notice.tone === "red" && { tone: "red" as const })}
          icon={<WarningIcon small />}
          actions={
            <IconButton label="Dismiss" size="small" onClick={dismiss}>
              <CloseIcon small />
            </IconButton>
          }
        >
          {inbox.notice.text}
        </Banner>
      )}
    </div>
  );
}

const NeverHandedOff = () => (
  <div class="packet-state">
    <p class="soft">{`No person has had this chat. What ${brand.assistant} knows is gathered once one takes it.`}</p>
  </div>
);

/** Says new handoffs and messages to screen readers, without pulling focus. */
function Spoken({ desk }: { desk: Desk }) {
  const text = useStore(desk.spoken);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}

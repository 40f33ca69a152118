import type { Ref } from "preact";
import { Button, IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Packet } from "../../shared/contract";
import { AlarmIcon, PanelIcon, ReleaseIcon, TransferIcon } from "../../shared/desk/icons";
import { cardWords, customerName, languageWord, plainWords } from "../../shared/desk/words";
import { BackIcon, EndIcon, ReturnIcon } from "../../shared/icons";
import { GONE, hasPacket, type Row } from "../state/rows";
import type { EndKind } from "../useEnding";
import type { PassKind } from "../usePassing";
import { ChannelMark, channelTitle } from "./Channel";
import { Tier } from "./RowButton";

type Props = {
  row: Row;
  packet: Packet | undefined;
  mine: boolean;
  hasBack: boolean;
  hasPanelButton: boolean;
  headRef: Ref<HTMLHeadingElement>;
  onBack: () => void;
  onPanel: () => void;
  onEnd: (kind: EndKind | PassKind | "remind") => void;
};

export function ChatHead(props: Props) {
  const { row, packet, mine, hasBack, hasPanelButton, headRef, onBack, onPanel, onEnd } = props;
  const { name, tier, language } = { ...packet?.customer, ...row.customer };
  const isOpen = row.ended_at === undefined && row.state !== GONE;
  const times = (packet?.customer.earlier_handoffs?.length ?? 0) + 1;
  const facts = [
    row.reach?.address,
    cardWords(row),
    !row.reach && plainWords(row.channel).toLowerCase(),
    language && languageWord(language),
    times > 1 && `${ordinal(times)} handoff`,
  ];
  return (
    <header class="chat-head">
      {hasBack && <h1 class="visually-hidden">Inbox</h1>}
      {hasBack && (
        <IconButton label="Back to the lists" onClick={onBack}>
          <BackIcon />
        </IconButton>
      )}
      <div class="chat-who">
        <h2 ref={headRef} tabIndex={-1}>
          <bdi class="chat-name">{customerName(name)}</bdi> {tier && <Tier tier={tier} />}
        </h2>
        {row.reach && (
          <p class="soft chat-channel">
            <ChannelMark row={row}>{row.customer.name_from && nameFrom(row)}</ChannelMark>
          </p>
        )}
        <p class="soft">
          {!row.reach && isOpen && row.connected !== undefined && <Connected is={row.connected} />}
          {facts.filter(Boolean).join(" · ")}
        </p>
      </div>
      <div class="chat-actions">
        {mine && (
          <>
            <Button
              class="button-pass"
              size="small"
              title="Release (l)"
              aria-keyshortcuts="l"
              onClick={() => onEnd("release")}
            >
              <ReleaseIcon small /> <span>Release</span>
            </Button>
            <Button
              class="button-pass"
              size="small"
              title="Transfer (t)"
              aria-keyshortcuts="t"
              onClick={() => onEnd("transfer")}
            >
              <TransferIcon small /> <span>Transfer…</span>
            </Button>
            <Button size="small" aria-keyshortcuts="b" onClick={() => onEnd("return")}>
              <ReturnIcon small /> <span>Return to {brand.assistant}</span>
            </Button>
            <Button size="small" aria-keyshortcuts="e" onClick={() => onEnd("close")}>
              <EndIcon small /> <span>Close</span>
            </Button>
          </>
        )}
        <IconButton
          class="remind-wide"
          label="Remind me (m)"
          size="small"
          aria-keyshortcuts="m"
          onClick={() => onEnd("remind")}
        >
          <AlarmIcon />
        </IconButton>
        {hasPanelButton && hasPacket(row) && (
          <IconButton label={`What ${brand.assistant} knows (p)`} size="small" onClick={onPanel}>
            <PanelIcon />
          </IconButton>
        )}
      </div>
    </header>
  );
}

/** The name is what their profile says. */
const nameFrom = (row: Row) => `from ${channelTitle(row)}, unverified`;

/** Whether the customer would read an answer right now. */
function Connected({ is }: { is: boolean }) {
  return (
    <span class={`connected ${is ? "" : "connected-not"}`}>
      <span class="connected-dot" aria-hidden="true" />
      {is ? "Connected" : "Not connected"}
      {" · "}
    </span>
  );
}

function ordinal(count: number): string {
  const suffix = new Map([
    ["one", "st"],
    ["two", "nd"],
    ["few", "rd"],
  ]);
  return `${count}${suffix.get(new Intl.PluralRules("en", { type: "ordinal" }).select(count)) ?? "th"}`;
}

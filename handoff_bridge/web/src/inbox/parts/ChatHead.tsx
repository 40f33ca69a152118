import type { Ref } from "preact";
import { Button, IconButton } from "../../shared/Button";
import type { Packet } from "../../shared/contract";
import { PanelIcon } from "../../shared/desk/icons";
import { customerName, languageWord, plainWords } from "../../shared/desk/words";
import { BackIcon, EndIcon, ReturnIcon } from "../../shared/icons";
import type { Row } from "../state/rows";
import type { EndKind } from "../useEnding";
import { Tier } from "./Lists";

type Props = {
  row: Row;
  packet: Packet | undefined;
  mine: boolean;
  hasBack: boolean;
  hasPanelButton: boolean;
  headRef: Ref<HTMLHeadingElement>;
  onBack: () => void;
  onPanel: () => void;
  onEnd: (kind: EndKind) => void;
};

export function ChatHead(props: Props) {
  const { row, packet, mine, hasBack, hasPanelButton, headRef, onBack, onPanel, onEnd } = props;
  const { name, tier, language } = { ...packet?.customer, ...row.customer };
  const order = row.order_number;
  const times = (packet?.customer.earlier_handoffs?.length ?? 0) + 1;
  const facts = [
    order && `order ${order}`,
    plainWords(row.channel).toLowerCase(),
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
          {customerName(name)} {tier && <Tier tier={tier} />}
        </h2>
        <p class="soft">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <div class="chat-actions">
        {mine && (
          <>
            <Button size="small" aria-keyshortcuts="b" onClick={() => onEnd("return")}>
              <ReturnIcon small /> <span>Return to Pine</span>
            </Button>
            <Button size="small" aria-keyshortcuts="e" onClick={() => onEnd("close")}>
              <EndIcon small /> <span>Close</span>
            </Button>
          </>
        )}
        {hasPanelButton && (
          <IconButton label="What Pine knows (p)" size="small" onClick={onPanel}>
            <PanelIcon />
          </IconButton>
        )}
      </div>
    </header>
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

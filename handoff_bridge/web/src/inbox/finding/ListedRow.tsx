import type { ComponentChildren } from "preact";
import type { Me } from "../../shared/contract";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import { ChatIcon } from "../../shared/icons";
import { RowButton, Tier } from "../parts/RowButton";
import { hasPacket, type Row } from "../state/rows";
import { RowFacts, RowLanguage, RowName } from "./RowFacts";

export type Shared = {
  selected: string | undefined;
  now: Date;
  me: Me;
  onOpen: (row: Row, seq?: number) => void;
};

type Props = Shared & {
  row: Row;
  aside?: ComponentChildren;
  /** How it stands, in a few words. */
  state: ComponentChildren;
  children?: ComponentChildren;
  /** Beside the row, which is a button itself. */
  action?: ComponentChildren;
  seq?: number;
};

/** A row of the lists beyond the agent's own; `children` are what a search has found in it. */
export function ListedRow({ row, aside, state, children, action, seq, selected, now, me, onOpen }: Props) {
  return (
    <li>
      <RowButton row={row} selected={selected} onOpen={() => onOpen(row, seq)}>
        <span class="row-icon">{hasPacket(row) ? <TriggerIcon trigger={row.trigger} /> : <ChatIcon />}</span>
        <span class="row-text">
          <span class="row-line">
            <RowName row={row} />
            {row.customer.tier && <Tier tier={row.customer.tier} />}
            <span class="row-aside">{aside}</span>
          </span>
          <span class="row-line">
            {state}
            <RowLanguage row={row} />
          </span>
          {children}
          <RowFacts row={row} me={me} now={now} />
        </span>
      </RowButton>
      {action}
    </li>
  );
}

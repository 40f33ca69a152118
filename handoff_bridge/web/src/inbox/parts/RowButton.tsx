import type { ComponentChildren } from "preact";
import type { Row } from "../state/rows";

type Props = {
  row: Row;
  selected: string | undefined;
  onOpen: (row: Row) => void;
  urgent?: boolean;
  children: ComponentChildren;
};

export function RowButton({ row, selected, onOpen, urgent = false, children }: Props) {
  return (
    <button
      type="button"
      class={`row ${urgent ? "row-urgent" : ""}`}
      data-handoff={row.handoff_id}
      aria-current={row.handoff_id === selected ? "true" : undefined}
      onClick={() => onOpen(row)}
    >
      {children}
    </button>
  );
}

export function Tier({ tier }: { tier: string }) {
  return <span class={`tier tier-${tier.toLowerCase()}`}>{tier}</span>;
}

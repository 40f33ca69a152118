import type { Me } from "../../shared/contract";
import { UnverifiedIcon } from "../../shared/desk/icons";
import { cardWords, languageWord, plainWords } from "../../shared/desk/words";
import { ShieldIcon } from "../../shared/icons";
import { ChannelMark } from "../parts/Channel";
import { type Row, titleOf, turnWords } from "../state/rows";

/** The customer's name, or what they wrote where nobody knows it. */
export function RowName({ row, class: extra = "" }: { row: Row; class?: string }) {
  const { text, isSaid } = titleOf(row);
  return (
    <span class={`row-name ${isSaid ? "row-said" : ""} ${extra}`} dir="auto">
      {isSaid ? `“${text}”` : text}
    </span>
  );
}

/** Stands at the end of a line. */
export function RowLanguage({ row }: { row: Row }) {
  const { language } = row.customer;
  return language ? <span class="row-language">{languageWord(language)}</span> : null;
}

type Props = { row: Row; me: Pick<Me, "agent_id">; now: Date };

/** What it is about, whose turn it is, and whether we know who it is. */
export function RowFacts({ row, me, now }: Props) {
  const topic = row.topic && (row.customer.name || row.customer_said) ? plainWords(row.topic) : undefined;
  const about = [topic, cardWords(row) ?? row.order_number].filter(Boolean).join(" · ");
  const turn = turnWords(row, me, now);
  return (
    <>
      {about && <span class="row-about">{about}</span>}
      <span class="row-facts">
        {row.reach && <ChannelMark row={row} />}
        {turn && <span class={row.turn_of === "agent" ? "row-our-turn" : ""}>{turn}</span>}
        <span class={row.verified ? "row-verified" : ""}>
          {row.verified ? <ShieldIcon small /> : <UnverifiedIcon small />}
          {row.verified ? "Verified" : "Not verified"}
        </span>
      </span>
    </>
  );
}

import type { Me } from "../../shared/contract";
import { WarningIcon } from "../../shared/icons";
import { type List, listsOf } from "./useFinding";

type Props = {
  me: Me;
  shown: List | undefined;
  counts: Partial<Record<List, number>>;
  onShow: (list: List) => void;
};

/** Which list the left column shows. What needs a look is marked on the live view's. */
export function ListTabs({ me, shown, counts, onShow }: Props) {
  return (
    <fieldset class="list-tabs" aria-label="Lists of chats">
      {listsOf(me).map(({ name, word }, at) => {
        const count = counts[name];
        const alarming = name === "live" && Boolean(count);
        return (
          <button
            key={name}
            type="button"
            class={`list-tab ${alarming ? "list-tab-alarm" : ""}`}
            aria-pressed={name === shown}
            aria-keyshortcuts={String(at + 1)}
            title={`${word} (${at + 1})`}
            onClick={() => onShow(name)}
          >
            {alarming && <WarningIcon small />}
            {word}
            {count !== undefined && count > 0 && (
              <span class="count">
                {count}
                {alarming && <span class="visually-hidden"> of concern</span>}
              </span>
            )}
          </button>
        );
      })}
    </fieldset>
  );
}

import type { ComponentChildren, RefObject } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { useStore } from "../../shared/client/store";
import type { Colleague, Me, Packet } from "../../shared/contract";
import { languageWord, PRESENCES } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import type { Work } from "../net/work";
import { type Choice, choicesFor, filled, gapIn, slashBefore, type Values } from "../state/canned";
import { atBefore, namesFor } from "../state/names";
import type { Kind } from "../state/outbox";
import type { Row } from "../state/rows";
import { typeInto, useCompletion } from "../useCompletion";

const MOST_CHOICES = 6;

type Props = {
  box: RefObject<HTMLTextAreaElement | null>;
  kind: Kind;
  text: string;
  row: Row;
  packet: Packet | undefined;
  me: Me;
  agents: readonly Colleague[];
  work: Work;
};

/** What completes the text below it: canned replies behind a slash, in notes colleagues behind an @. */
export function Completions(props: Props) {
  return props.kind === "note" ? <Names key="note" {...props} /> : <Canned key="reply" {...props} />;
}

function Canned({ box, text, row, packet, me, work }: Props) {
  const listId = useId();
  const document = useStore(work.canned) ?? { replies: {} };
  const language = row.customer.language ?? packet?.customer.language ?? "en";
  const values = valuesOf(row, packet, me);
  const gap = gapIn(text);
  const toGap = () => {
    const area = box.current;
    const next = area && gapIn(area.value, area.selectionEnd);
    if (!next) return;
    area.focus();
    area.setSelectionRange(next.start, next.end);
  };
  const completion = useCompletion<Choice>({
    box,
    listId,
    tokenAt: (value, caret) => {
      const token = slashBefore(value, caret);
      if (token) void work.loadCanned();
      return token;
    },
    choicesFor: (query) => choicesFor(document, query, language).slice(0, MOST_CHOICES),
    onPick: (choice, token) => {
      const area = box.current;
      if (!area) return;
      const words = filled(choice.text, values, choice.language);
      typeInto(area, token.start, area.selectionStart, words);
      const first = gapIn(words);
      if (first) area.setSelectionRange(token.start + first.start, token.start + first.end);
    },
    onKey: (event) => {
      if (!isSendKey(event) || !gapIn(box.current?.value ?? "")) return false;
      toGap();
      return true;
    },
  });
  return (
    <>
      {gap && (
        <p class="gap-hint" role="status">
          <WarningIcon small />
          <span>
            Fill in <strong>{gap.gap}</strong> before you send this.
          </span>
          <Button size="small" onClick={toGap}>
            Go there
          </Button>
        </p>
      )}
      <Choices {...completion} listId={listId} label="Canned replies">
        {(choice) => (
          <>
            <span class="choice-line">
              <code>/{choice.shortcut}</code>
              <strong>{choice.title}</strong>
              {!choice.isTheirs && <span class="choice-language">{languageWord(choice.language)}</span>}
            </span>
            <span class="choice-text soft" lang={choice.language}>
              {filled(choice.text, values, choice.language)}
            </span>
          </>
        )}
      </Choices>
    </>
  );
}

function Names({ box, me, agents }: Props) {
  const listId = useId();
  const completion = useCompletion<Colleague>({
    box,
    listId,
    tokenAt: atBefore,
    choicesFor: (query) => namesFor(agents, query, me.agent_id).slice(0, MOST_CHOICES),
    onPick: ({ name }, token) => {
      const area = box.current;
      if (area) typeInto(area, token.start, area.selectionStart, `@${name} `);
    },
  });
  return (
    <Choices {...completion} listId={listId} label="Colleagues">
      {({ name, team, status }) => (
        <span class="choice-line">
          <strong>@{name}</strong>
          <span class="soft">
            {[team, PRESENCES.find((one) => one.value === status)?.word].filter(Boolean).join(" · ")}
          </span>
        </span>
      )}
    </Choices>
  );
}

type ChoicesProps<C> = {
  listId: string;
  label: string;
  choices: readonly C[];
  chosen: number;
  isOpen: boolean;
  pick: (index: number) => void;
  children: (choice: C) => ComponentChildren;
};

function Choices<C>({ listId, label, choices, chosen, isOpen, pick, children }: ChoicesProps<C>) {
  return (
    <>
      <span class="visually-hidden" role="status">
        {isOpen && `${label}: ${choices.length}. Arrows choose, Enter takes.`}
      </span>
      {isOpen && (
        <div class="completions" id={listId} role="listbox" aria-label={label}>
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text box's, which keeps focus
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the text box
            <div
              key={index}
              id={`${listId}-${index}`}
              class="completion"
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => pick(index)}
            >
              {children(choice)}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

function valuesOf(row: Row, packet: Packet | undefined, me: Me): Values {
  const { customer, cards, order_number: number, answer_by } = row;
  const found = {
    customer_name: customer.name ?? packet?.customer.name,
    agent_name: me.name,
    company: brand.company,
    assistant: brand.assistant,
    reference: cards?.[0]?.id ?? number,
    answer_by,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

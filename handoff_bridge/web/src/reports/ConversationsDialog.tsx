import { useState } from "preact/hooks";
import { Button } from "../shared/Button";
import type { Figure } from "../shared/contract";
import { Dialog } from "../shared/desk/Dialog";
import { ReadOnly } from "../shared/desk/ReadOnly";
import { BackIcon, ChatIcon } from "../shared/icons";

type Props = { figure: Figure; onClose: () => void };

/** The conversations that a figure counts, and any one of them to read. */
export function ConversationsDialog({ figure, onClose }: Props) {
  const [opened, setOpened] = useState<string>();
  const ids = figure.conversations ?? [];
  return (
    <Dialog title={opened ? `Conversation ${short(opened)}` : figure.title} kind="wide" onClose={onClose}>
      {opened ? (
        <>
          <Button size="small" onClick={() => setOpened(undefined)}>
            <BackIcon small /> All {ids.length}
          </Button>
          <ReadOnly conversationId={opened} />
        </>
      ) : (
        <>
          <p class="soft">{figure.definition}</p>
          <ul class="conversation-ids">
            {ids.map((id) => (
              <li key={id}>
                <button type="button" title={id} onClick={() => setOpened(id)}>
                  <ChatIcon small /> {short(id)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

/** Long random ids by their beginning; the whole id is the tooltip. */
const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 10)}…` : id);

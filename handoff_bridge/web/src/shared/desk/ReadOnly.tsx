import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../Button";
import type { LogEntry } from "../contract";
import { fetchEvents } from "./api";
import { Transcript } from "./Transcript";

/** A conversation's log, to read and no more. */
export function ReadOnly({ conversationId }: { conversationId: string }) {
  const [events, setEvents] = useState<LogEntry[] | "failed">();
  const load = useCallback(() => {
    fetchEvents(conversationId).then(setEvents, () => setEvents("failed"));
  }, [conversationId]);
  useEffect(load, [load]);
  if (events === undefined) return <p class="soft">Loading the conversation…</p>;
  if (events === "failed") {
    return (
      <p>
        This conversation could not be loaded.{" "}
        <Button size="small" onClick={load}>
          Try again
        </Button>
      </p>
    );
  }
  return (
    <div class="read-only">
      <Transcript events={events} />
    </div>
  );
}

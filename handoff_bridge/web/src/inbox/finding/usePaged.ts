import { useCallback, useRef, useState } from "preact/hooks";

/** A list that is fetched a page at a time. */
export type Paged<T> = {
  items: readonly T[];
  state: "loading" | "ready" | "failed";
  /** Whether there is another page. */
  more: boolean;
};
type Page<T> = { items: readonly T[]; before: string | undefined };
/** A page of what `wanted` names, after the place `before`. */
type Fetch<T> = (wanted: string, before?: string) => Promise<Page<T>>;

const NOTHING = { items: [], state: "loading", more: false } as const;

/** `load` begins anew; what an earlier question answers by then is dropped. `fetchPage` must not change. */
export function usePaged<T>(fetchPage: Fetch<T>) {
  const [paged, setPaged] = useState<Paged<T>>(NOTHING);
  const asked = useRef({ number: 0, wanted: "", before: undefined as string | undefined });

  const ask = useCallback(
    async (wanted: string, earlier: readonly T[], before?: string) => {
      const number = asked.current.number + 1;
      asked.current = { number, wanted, before };
      setPaged({ items: earlier, state: "loading", more: false });
      const page = await fetchPage(wanted, before).catch(() => undefined);
      if (asked.current.number !== number) return;
      if (!page) return setPaged({ items: earlier, state: "failed", more: false });
      asked.current.before = page.before;
      setPaged({ items: [...earlier, ...page.items], state: "ready", more: page.before !== undefined });
    },
    [fetchPage],
  );
  const load = useCallback((wanted = "") => ask(wanted, []), [ask]);
  // The next page, or the one that failed.
  const next = () => ask(asked.current.wanted, paged.items, asked.current.before);
  return { ...paged, load, next };
}

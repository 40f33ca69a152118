import { useEffect, useReducer } from "preact/hooks";

/** What changes; a field that becomes undefined is left out. */
export type Patch<S> = { [K in keyof S]?: S[K] | undefined };

/** A value and those who want to know when it changes. */
export class Store<S> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: S) {}

  get state(): S {
    return this.value;
  }

  update(change: (value: S) => S): void {
    const next = change(this.value);
    if (Object.is(next, this.value)) return;
    this.value = next;
    for (const listener of [...this.listeners]) listener();
  }

  set(patch: Patch<S>): void {
    this.update((value) => {
      const next = { ...value, ...patch } as S;
      for (const key of Object.keys(patch) as (keyof S)[]) if (patch[key] === undefined) delete next[key];
      return next;
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function useStore<S>(store: Store<S>): S {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    redraw(undefined as never);
    return store.subscribe(() => redraw(undefined as never));
  }, [store]);
  return store.state;
}

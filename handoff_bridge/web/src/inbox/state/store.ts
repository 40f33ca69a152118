import { useEffect, useReducer } from "preact/hooks";

/** A value and those who want to know when it changes. */
export class Store<S> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: S) {}

  get(): S {
    return this.value;
  }

  update(change: (value: S) => S): void {
    const next = change(this.value);
    if (Object.is(next, this.value)) return;
    this.value = next;
    for (const listener of [...this.listeners]) listener();
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
  return store.get();
}

import type { ComponentChildren } from "preact";
import { LinkIcon } from "../../shared/icons";

/** Shows the message of that number. */
export type Show = (seq: number) => void;

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A fact that leads to its message; plain text if nobody knows where it came from. */
export function Source({
  seq,
  onShow,
  children,
}: {
  seq?: number | undefined;
  onShow: Show;
  children: ComponentChildren;
}) {
  if (seq === undefined) return <span class="source">{children}</span>;
  return (
    <button type="button" class="source source-link" onClick={() => onShow(seq)}>
      <span>{children}</span>
      <LinkIcon small />
      <span class="visually-hidden">, show the message</span>
    </button>
  );
}

export function Folded({
  title,
  count,
  children,
}: {
  title: string;
  count: number;
  children: ComponentChildren;
}) {
  return (
    <details class="packet-part folded">
      <summary>
        <h3>{title}</h3> <span class="count">{count}</span>
      </summary>
      {children}
    </details>
  );
}

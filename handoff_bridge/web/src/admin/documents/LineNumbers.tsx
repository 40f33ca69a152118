type Props = { count: number; wrong?: ReadonlySet<number> };

/** Beside a text of one font and no wrapped lines. What is wrong is told in words elsewhere. */
export function LineNumbers({ count, wrong }: Props) {
  const lines = Array.from({ length: count }, (_, at) => at + 1);
  return (
    <ol class="editor-lines" aria-hidden="true">
      {lines.map((line) => (
        <li key={line} class={wrong?.has(line) ? "line-wrong" : undefined}>
          {line}
        </li>
      ))}
    </ol>
  );
}

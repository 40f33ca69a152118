type Props = { bars: { name: string; value: number }[]; text: (value: number) => string };

const WIDTH = 100;

/** Lying bars from a common zero, each with its name and its number: no legend, no axis to read off. */
export function BarChart({ bars, text }: Props) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul class="bars">
      {bars.map((bar) => (
        <li key={bar.name}>
          <span class="bar-name">{bar.name}</span>
          <svg class="bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
            <rect class="bar-fill" x="0" y="0" height="10" width={(bar.value / most) * WIDTH} />
          </svg>
          <span class="bar-value">{text(bar.value)}</span>
        </li>
      ))}
    </ul>
  );
}

import { useMedia } from "../shared/desk/hooks";
import { axisTop } from "./figures";

type Column = { name: string; begun: number; handed: number };

const SLOT = { least: 40, most: 72 };
const ROOM = 960;
const BAR = 14;
const HEIGHT = 180;
const FOOT = 24;
const HEAD = 20;
const AXIS = 36;

/**
 * Standing bars by the hour, side by side: a handoff may belong to a conversation of an earlier hour,
 * so one is no part of the other.
 */
export function ColumnChart({ columns }: { columns: Column[] }) {
  const narrow = useMedia("(max-width: 1100px)");
  const top = axisTop(Math.max(...columns.flatMap(({ begun, handed }) => [begun, handed]), 0));
  const scale = (value: number) => (value / top) * HEIGHT;
  const slot = Math.max(SLOT.least, Math.min(SLOT.most, narrow ? 0 : ROOM / columns.length));
  const width = AXIS + (narrow ? columns.length * slot : ROOM);
  const floor = HEAD + HEIGHT;
  const summary = columns
    .map(({ name, begun, handed }) => `${name}: ${begun} begun, ${handed} handed off`)
    .join("; ");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <figure class="columns-frame" tabIndex={0} aria-label="Chart by hour">
      <svg
        class="columns"
        viewBox={`0 0 ${width} ${floor + FOOT}`}
        width={width}
        height={floor + FOOT}
        role="img"
        aria-label={summary}
      >
        {[0, top / 2, top].map((mark) => (
          <g key={mark}>
            <line
              class={mark ? "grid" : "floor"}
              x1={AXIS}
              x2={width}
              y1={floor - scale(mark)}
              y2={floor - scale(mark)}
            />
            <text class="axis" x={AXIS - 8} y={floor - scale(mark) + 4} text-anchor="end">
              {mark}
            </text>
          </g>
        ))}
        {columns.map((column, at) => (
          <Hour key={column.name} column={column} x={AXIS + (at + 0.5) * slot} floor={floor} scale={scale} />
        ))}
      </svg>
      <figcaption class="columns-key">
        <span class="key">Conversations begun</span>
        <span class="key key-handed">Handoffs</span>
      </figcaption>
    </figure>
  );
}

type HourProps = { column: Column; x: number; floor: number; scale: (value: number) => number };

function Hour({ column, x, floor, scale }: HourProps) {
  const bars = [
    { kind: "begun", value: column.begun, left: x - BAR },
    { kind: "handed", value: column.handed, left: x },
  ];
  return (
    <g>
      {bars.map(
        ({ kind, value, left }) =>
          value > 0 && (
            <g key={kind}>
              <rect
                class={`column-${kind}`}
                x={left}
                width={BAR}
                y={floor - scale(value)}
                height={scale(value)}
              />
              <text class="column-value" x={left + BAR / 2} y={floor - scale(value) - 6} text-anchor="middle">
                {value}
              </text>
            </g>
          ),
      )}
      <text class="axis" x={x} y={floor + 16} text-anchor="middle">
        {column.name.slice(0, 2)}
      </text>
    </g>
  );
}

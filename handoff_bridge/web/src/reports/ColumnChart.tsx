import { useMedia } from "../shared/desk/hooks";
import { axisTop } from "./figures";

type Column = { name: string; all: number; part: number };

const SLOT = { least: 32, most: 72 };
const ROOM = 960;
const BAR = 24;
const HEIGHT = 180;
const FOOT = 24;
const HEAD = 20;
const AXIS = 36;

/** Standing bars by the hour: the whole column is conversations, its filled foot those handed off. */
export function ColumnChart({ columns }: { columns: Column[] }) {
  const narrow = useMedia("(max-width: 1100px)");
  const top = axisTop(Math.max(...columns.map((column) => column.all), 0));
  const scale = (value: number) => (value / top) * HEIGHT;
  const slot = Math.max(SLOT.least, Math.min(SLOT.most, narrow ? 0 : ROOM / columns.length));
  const width = AXIS + (narrow ? columns.length * slot : ROOM);
  const floor = HEAD + HEIGHT;
  const summary = columns.map(({ name, all, part }) => `${name}: ${all}, handed off ${part}`).join("; ");
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
        <span class="key key-all">Conversations</span>
        <span class="key key-part">of these, handoffs</span>
      </figcaption>
    </figure>
  );
}

type HourProps = { column: Column; x: number; floor: number; scale: (value: number) => number };

function Hour({ column, x, floor, scale }: HourProps) {
  const { name, all, part } = column;
  const left = x - BAR / 2;
  return (
    <g>
      <rect class="column-all" x={left} width={BAR} y={floor - scale(all)} height={scale(all)} />
      <rect class="column-part" x={left} width={BAR} y={floor - scale(part)} height={scale(part)} />
      {all > 0 && (
        <text class="column-value" x={x} y={floor - scale(Math.max(all, part)) - 6} text-anchor="middle">
          {all}
        </text>
      )}
      {part > 0 && scale(part) >= 16 && (
        <text class="column-inner" x={x} y={floor - 5} text-anchor="middle">
          {part}
        </text>
      )}
      <text class="axis" x={x} y={floor + 16} text-anchor="middle">
        {name.slice(0, 2)}
      </text>
    </g>
  );
}

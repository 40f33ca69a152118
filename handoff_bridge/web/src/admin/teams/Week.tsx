import { useId } from "preact/hooks";
import type { Holiday, Hours } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { DAY_MINUTES, type Day, dayWord, weekOf, weekWords } from "./week";

const WIDTH = 320;
const LABEL = 40;
const ROW = 20;
const HEAD = 18;
const BAR = 12;
const MARKS = [0, 6, 12, 18, 24];
const MINUTE_MS = 60_000;

const x = (minutes: number) => LABEL + (minutes / DAY_MINUTES) * (WIDTH - LABEL - 8);

/** A team's hours, a row for each day, with the moment that it is there now. */
export function Week({ hours, holidays }: { hours: Hours; holidays: Holiday[] }) {
  const id = useId();
  const { days, minutes } = weekOf(hours, holidays, useNow(MINUTE_MS));
  const height = HEAD + days.length * ROW;
  return (
    <svg class="week" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={id}>
      <title id={id}>{weekWords(hours)}</title>
      {MARKS.map((hour) => (
        <g key={hour}>
          <line class="week-mark" x1={x(hour * 60)} x2={x(hour * 60)} y1={HEAD} y2={height} />
          <text class="week-hour" x={x(hour * 60)} y={12} text-anchor="middle">
            {hour}
          </text>
        </g>
      ))}
      {days.map((day, at) => (
        <Row key={day.day} day={day} top={HEAD + at * ROW} minutes={minutes} />
      ))}
    </svg>
  );
}

function Row({ day, top, minutes }: { day: Day; top: number; minutes: number }) {
  return (
    <g class={day.isToday ? "week-today" : undefined}>
      {day.isToday && <rect class="week-row" x={0} y={top} width={WIDTH} height={ROW} rx={4} />}
      <text class="week-day" x={6} y={top + 14}>
        {dayWord(day.day).slice(0, 3)}
      </text>
      {day.spans.map(([from, to]) => (
        <rect
          key={from}
          class={day.off ? "week-span week-off" : "week-span"}
          x={x(from)}
          y={top + (ROW - BAR) / 2}
          width={x(to) - x(from)}
          height={BAR}
          rx={2}
        />
      ))}
      {day.off && (
        <text class="week-why" x={x(0) + 4} y={top + 14}>
          {day.off}
        </text>
      )}
      {day.isToday && <line class="week-now" x1={x(minutes)} x2={x(minutes)} y1={top} y2={top + ROW} />}
    </g>
  );
}

import type { MoodPoint, Packet } from "../../shared/contract";

const WIDTH = 200;
const HEIGHT = 60;
const EDGE = 12;

type Props = { sentiment: Packet["sentiment"]; onShow: (seq: number) => void };

const TRENDS = { down: "falling", flat: "steady", up: "rising" };

/** Mood over time as a line from -1 to 1 around its zero. Each point leads to its message. */
export function Mood({ sentiment, onShow }: Props) {
  const points = sentiment.points ?? [];
  const last = points[points.length - 1];
  if (!last) return <span class="soft">Nothing to go by yet</span>;
  const placed = points.map((point, at) => ({ point, ...place(point, at, points.length) }));
  return (
    <span class="mood">
      <svg class="mood-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
        <title>Mood over {points.length} messages</title>
        <line class="mood-zero" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <polyline points={placed.map(({ x, y }) => `${x},${y}`).join(" ")} />
        {placed.map(({ point, x, y }) => (
          <a
            key={point.seq}
            href={`#event-${point.seq}`}
            aria-label={`${moodWord(point)}: show the message`}
            onClick={(event) => {
              event.preventDefault();
              if (point.seq !== undefined) onShow(point.seq);
            }}
          >
            <circle class="mood-reach" cx={x} cy={y} r="12" />
            <circle class={`mood-point ${point === last ? "mood-last" : ""}`} cx={x} cy={y} r="3.5" />
          </a>
        ))}
      </svg>
      <span>
        {moodWord(last)}
        {points.length > 1 && sentiment.trend && <span class="soft">, {TRENDS[sentiment.trend]}</span>}
      </span>
    </span>
  );
}

function place({ score }: MoodPoint, at: number, count: number): { x: number; y: number } {
  const step = count > 1 ? (WIDTH - 2 * EDGE) / (count - 1) : 0;
  const within = Math.max(-1, Math.min(1, score));
  return { x: EDGE + at * step, y: HEIGHT / 2 - within * (HEIGHT / 2 - EDGE / 2) };
}

function moodWord({ score, label }: MoodPoint): string {
  const known = label ?? (score < -0.2 ? "negative" : score > 0.2 ? "positive" : "neutral");
  return known.charAt(0).toUpperCase() + known.slice(1);
}

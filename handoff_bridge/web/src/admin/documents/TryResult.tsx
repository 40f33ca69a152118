import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Simulated } from "../../shared/contract";
import { type Pair, type Row, rowsOf, staffOf, waitWords } from "./trying";

const WIDTH = 100;

/** Both days: waits, and how busy agents were; as bars, or as the same numbers in tables. */
export function TryResult({ result }: { result: Simulated }) {
  const [asTable, setAsTable] = useState(false);
  const rows = rowsOf(result);
  const staff = staffOf(result);
  return (
    <div class="try-result">
      <header class="document-head">
        <h3>{result.day ?? "A made-up day"}</h3>
        <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          Table
        </Button>
      </header>
      <p class="try-key">
        <span class="try-now">Now</span>
        <span class="try-then">Your text</span>
      </p>
      {asTable ? (
        <Numbers rows={rows} staff={staff} />
      ) : (
        <div class="try-charts">
          <Bars
            title="Nine waits of ten end within"
            rows={rows.map(({ name, p90 }) => [name, p90])}
            text={waitWords}
          />
          <Bars title="Share of agents’ places taken" rows={staff} text={percent} />
        </div>
      )}
    </div>
  );
}

type BarsProps = { title: string; rows: [string, Pair][]; text: (value: number | undefined) => string };

function Bars({ title, rows, text }: BarsProps) {
  const most = Math.max(...rows.flatMap(([, pair]) => pair.map((value) => value ?? 0))) || 1;
  return (
    <section class="try-chart" aria-label={title}>
      <h4>{title}</h4>
      <dl>
        {rows.map(([name, pair]) => (
          <div key={name}>
            <dt>{name}</dt>
            {pair.map((value, at) => (
              <dd key={at ? "then" : "now"}>
                <svg viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    class={at ? "try-then" : "try-now"}
                    height="10"
                    width={((value ?? 0) / most) * WIDTH}
                  />
                </svg>
                <span class="visually-hidden">{at ? "your text" : "now"}: </span>
                {text(value)}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}

function Numbers({ rows, staff }: { rows: Row[]; staff: [string, Pair][] }) {
  return (
    <>
      <Table
        title="Waits"
        head={["", "Came", "Gave up", "Promised", "Broken", "Half within", "Nine of ten within"]}
        rows={rows.map(({ name, counts, median, p90 }) => [
          name,
          ...counts.map((pair) => both(pair, String)),
          both(median, waitWords),
          both(p90, waitWords),
        ])}
      />
      <Table
        title="Agents"
        head={["", "Places taken"]}
        rows={staff.map(([name, pair]) => [name, both(pair, percent)])}
      />
    </>
  );
}

function Table({ title, head, rows }: { title: string; head: string[]; rows: string[][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section class="try-table" tabIndex={0} aria-label={`${title}: now, then with your text`}>
      <table>
        <thead>
          <tr>
            {head.map((name) =>
              name ? (
                <th key={name} scope="col">
                  {name}
                </th>
              ) : (
                <td key="name">{title}</td>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, at) => (
                <td key={head[at + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const percent = (share: number | undefined) => (share === undefined ? "–" : `${Math.round(share * 100)}%`);

function both(pair: Pair, text: (value: number | undefined) => string): string {
  const [now, then] = pair.map((value) => (value === undefined ? "–" : text(value)));
  return now === then ? `${now}` : `${now} → ${then}`;
}

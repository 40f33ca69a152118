import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../shared/Button";
import { DownloadIcon, TableIcon } from "../shared/icons";
import { type Table, toCsv } from "./figures";

type PanelProps = {
  date: string;
  title: string;
  unit: string;
  table: Table;
  wide?: boolean;
  children: ComponentChildren;
};

/** A chart, with the same numbers as a table and as a file. */
export function ChartPanel({ date, title, unit, table, wide = false, children }: PanelProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section class={`chart-panel ${wide ? "chart-wide" : ""}`} aria-label={title}>
      <header>
        <div>
          <h3>{title}</h3>
          <p class="soft">{unit}</p>
        </div>
        <div class="chart-tools">
          <Button size="small" kind="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <TableIcon small /> Table
          </Button>
          <Button size="small" kind="quiet" onClick={() => download(table, date)}>
            <DownloadIcon small /> CSV
          </Button>
        </div>
      </header>
      {asTable ? <Numbers table={table} title={title} /> : children}
    </section>
  );
}

export function Numbers({ table, title }: { table: Table; title: string }) {
  return (
    <table class="numbers">
      <caption class="visually-hidden">{title}</caption>
      <thead>
        <tr>
          {table.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(([name, ...values], row) => (
          <tr key={row}>
            <th scope="row">{name}</th>
            {values.map((value, at) => (
              <td key={table.head[at + 1]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function download(table: Table, date: string): void {
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([toCsv(table)], { type: "text/csv" }));
  link.href = url;
  link.download = `${table.name}-${date}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

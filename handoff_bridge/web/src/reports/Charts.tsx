import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../shared/Button";
import { brand } from "../shared/brand";
import type { Report } from "../shared/contract";
import { DownloadIcon, TableIcon } from "../shared/icons";
import { BarChart } from "./BarChart";
import { ColumnChart } from "./ColumnChart";
import { duration, hourTable, spanTable, type Table, toCsv, triggerTable } from "./figures";

/** The day's charts, each with the same numbers as a table and as a file. */
export function Charts({ report }: { report: Report }) {
  const spans = spanTable(report);
  const triggers = triggerTable(report);
  const hours = hourTable(report);
  return (
    <div class="charts">
      <Panel
        date={report.date}
        title="Who had the conversations"
        unit="Time today, each span counted apart"
        table={spans}
      >
        <BarChart
          bars={spans.rows.map(([name, value]) => ({ name: String(name), value: Number(value) }))}
          text={duration}
        />
      </Panel>
      <Panel
        date={report.date}
        title="Why people were needed"
        unit="Handoffs today, by reason"
        table={triggers}
      >
        {triggers.rows.length > 0 ? (
          <BarChart
            bars={triggers.rows.map(([name, value]) => ({ name: String(name), value: Number(value) }))}
            text={String}
          />
        ) : (
          <p class="soft">No handoffs today: {brand.assistant} settled everything so far.</p>
        )}
      </Panel>
      <Panel
        date={report.date}
        title="Handoffs through the day"
        unit={`Conversations begun and handoffs per hour, ${report.zone}`}
        table={hours}
        wide
      >
        <ColumnChart
          columns={hours.rows.map(([name, begun, handed]) => ({
            name: String(name),
            begun: Number(begun),
            handed: Number(handed),
          }))}
        />
      </Panel>
    </div>
  );
}

type PanelProps = {
  date: string;
  title: string;
  unit: string;
  table: Table;
  wide?: boolean;
  children: ComponentChildren;
};

function Panel({ date, title, unit, table, wide = false, children }: PanelProps) {
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

function Numbers({ table, title }: { table: Table; title: string }) {
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
        {table.rows.map(([name, ...values]) => (
          <tr key={name}>
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

function download(table: Table, date: string): void {
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([toCsv(table)], { type: "text/csv" }));
  link.href = url;
  link.download = `${table.name}-${date}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

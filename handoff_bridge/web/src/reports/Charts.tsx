import { brand } from "../shared/brand";
import type { Report } from "../shared/contract";
import { BarChart } from "./BarChart";
import { ChartPanel } from "./ChartPanel";
import { ColumnChart } from "./ColumnChart";
import { duration, hourTable, spanTable, triggerTable } from "./figures";

/** The day's charts, each with the same numbers as a table and as a file. */
export function Charts({ report }: { report: Report }) {
  const spans = spanTable(report);
  const triggers = triggerTable(report);
  const hours = hourTable(report);
  return (
    <div class="charts">
      <ChartPanel
        date={report.date}
        title="Who had the conversations"
        unit="Time today, each span counted apart"
        table={spans}
      >
        <BarChart
          bars={spans.rows.map(([name, value]) => ({ name: String(name), value: Number(value) }))}
          text={duration}
        />
      </ChartPanel>
      <ChartPanel
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
      </ChartPanel>
      <ChartPanel
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
      </ChartPanel>
    </div>
  );
}

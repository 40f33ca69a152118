import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../shared/Button";
import type { Figure, SelfService as Report } from "../shared/contract";
import { fetchSelfService } from "../shared/desk/api";
import { DownloadIcon } from "../shared/icons";
import { download, Numbers } from "./ChartPanel";
import { Figures } from "./Figures";
import { articleTable, searchTable, type Table } from "./figures";

/** What customers settled by reading help articles, in the last 30 days. */
export function SelfService({ onShow }: { onShow: (figure: Figure) => void }) {
  const [report, setReport] = useState<Report | "loading" | "failed">("loading");
  const refresh = useCallback(() => {
    fetchSelfService().then(setReport, () => setReport("failed"));
  }, []);
  useEffect(refresh, [refresh]);
  return (
    <section class="self-service" aria-labelledby="self-service" aria-busy={report === "loading"}>
      <header>
        <h2 id="self-service">Self-service</h2>
        <p class="soft">
          <a href="/help">Help articles</a>, last 30 days
        </p>
      </header>
      {report === "failed" && (
        <p>
          These figures could not be loaded. <Button onClick={refresh}>Try again</Button>
        </p>
      )}
      {typeof report === "object" && <Found report={report} onShow={onShow} />}
    </section>
  );
}

function Found({ report, onShow }: { report: Report; onShow: (figure: Figure) => void }) {
  const date = report.generated_at.slice(0, 10);
  return (
    <>
      <Figures label="Figures of self-service" figures={report.figures} onShow={onShow} />
      <div class="charts">
        <Listed
          title="Articles"
          unit="By how often they were read"
          table={articleTable(report)}
          date={date}
          none="Nobody has read an article yet."
        />
        <Listed
          title="Searches that found nothing"
          unit="What to write next, most frequent first"
          table={searchTable(report)}
          date={date}
          none="Every search has found something."
        />
      </div>
    </>
  );
}

type ListedProps = { title: string; unit: string; table: Table; date: string; none: string };

function Listed({ title, unit, table, date, none }: ListedProps) {
  return (
    <section class="chart-panel" aria-label={title}>
      <header>
        <div>
          <h3>{title}</h3>
          <p class="soft">{unit}</p>
        </div>
        {table.rows.length > 0 && (
          <Button size="small" kind="quiet" onClick={() => download(table, date)}>
            <DownloadIcon small /> CSV
          </Button>
        )}
      </header>
      {table.rows.length > 0 ? <Numbers table={table} title={title} /> : <p class="soft">{none}</p>}
    </section>
  );
}

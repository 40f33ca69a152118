import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../shared/Button";
import { brand } from "../shared/brand";
import type { Figure, Me, Report } from "../shared/contract";
import { AccountMenu } from "../shared/desk/AccountMenu";
import { ApiError, fetchReport } from "../shared/desk/api";
import { ChartIcon, LockIcon } from "../shared/desk/icons";
import { isSupervisor } from "../shared/desk/roles";
import { LogoIcon, RetryIcon } from "../shared/icons";
import { clockTime } from "../shared/time";
import { Charts } from "./Charts";
import { ConversationsDialog } from "./ConversationsDialog";
import { Figures } from "./Figures";
import { isEmpty } from "./figures";
import { SelfService } from "./SelfService";

type Props = { me: Me; onLeave: () => void; onExpire: () => void };
type Load = { state: "loading" } | { state: "failed" } | { state: "ready"; report: Report };

export function ReportPage({ me, onLeave, onExpire }: Props) {
  return (
    <div class="reports">
      <header class="top-bar">
        <span class="brand">
          <LogoIcon />
          <h1>Reports</h1>
        </span>
        <div class="top-bar-tools">
          <a class="button button-quiet" href="/inbox">
            Inbox
          </a>
          <AccountMenu me={me} page="reports" onLeave={onLeave} />
        </div>
      </header>
      {isSupervisor(me) ? <Today onExpire={onExpire} /> : <ForSupervisors />}
    </div>
  );
}

function ForSupervisors() {
  return (
    <main class="reports-state">
      <span class="brand-mark">
        <LockIcon />
      </span>
      <h2>Reports are for supervisors</h2>
      <p class="soft">Your account is an agent’s. If you need a figure, ask your supervisor.</p>
      <a class="button button-primary" href="/inbox">
        Back to the inbox
      </a>
    </main>
  );
}

function Today({ onExpire }: { onExpire: () => void }) {
  const [load, setLoad] = useState<Load>({ state: "loading" });
  const [shown, setShown] = useState<Figure>();
  const refresh = useCallback(async () => {
    try {
      setLoad({ state: "ready", report: await fetchReport() });
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) onExpire();
      else setLoad({ state: "failed" });
    }
  }, [onExpire]);
  useEffect(() => {
    refresh();
  }, [refresh]);

  if (load.state === "loading") return <Loading />;
  if (load.state === "failed") {
    return (
      <main class="reports-state">
        <h2>Today’s figures could not be loaded</h2>
        <p class="soft">Nothing is lost: they are counted from the conversations themselves.</p>
        <Button onClick={refresh}>Try again</Button>
      </main>
    );
  }
  const { report } = load;
  return (
    <main class="reports-page">
      <header class="reports-head">
        <div>
          <h2>Today</h2>
          <p class="soft">
            {longDate(report.date)}, as of {clockTime(report.generated_at)}
          </p>
        </div>
        <Button onClick={refresh}>
          <RetryIcon small /> Refresh
        </Button>
      </header>
      {isEmpty(report) ? (
        <NothingYet />
      ) : (
        <>
          <Figures figures={report.figures} onShow={setShown} />
          <Charts report={report} />
        </>
      )}
      <SelfService onShow={setShown} />
      {shown && <ConversationsDialog figure={shown} onClose={() => setShown(undefined)} />}
    </main>
  );
}

function Loading() {
  return (
    <main class="reports-page" aria-busy="true">
      <span class="visually-hidden">Loading today’s figures</span>
      <div class="figures-skeleton">
        <i />
        <i />
        <i />
        <i />
      </div>
    </main>
  );
}

function NothingYet() {
  return (
    <div class="reports-state">
      <span class="brand-mark">
        <ChartIcon />
      </span>
      <h2>No conversations yet today</h2>
      <p class="soft">
        The first one fills this page: how many {brand.assistant} settles, how long people wait, and why they
        ask.
      </p>
    </div>
  );
}

function longDate(date: string): string {
  const day = new Date(`${date}T12:00:00Z`);
  return day.toLocaleDateString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
}

import { render } from "preact";
import { Gate } from "../shared/desk/Gate";
import "../shared/brandPage";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "../shared/desk/desk.css";
import "../shared/desk/transcript.css";
import "./reports.css";
import { ReportPage } from "./ReportPage";

const root = document.getElementById("app");
if (root) {
  render(
    <Gate place="reports">
      {({ me, leave, expire }) => <ReportPage me={me} onLeave={leave} onExpire={expire} />}
    </Gate>,
    root,
  );
}

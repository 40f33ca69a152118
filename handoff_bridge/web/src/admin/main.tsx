import { render } from "preact";
import { Gate } from "../shared/desk/Gate";
import "../shared/brandPage";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "../shared/desk/desk.css";
import "./admin.css";
import { App } from "./App";
import { InvitationPage } from "./invitation/InvitationPage";
import { TABS } from "./tabs";

const root = document.getElementById("app");
const invitation = new URLSearchParams(location.hash.slice(1)).get("invitation");
if (root) {
  render(
    invitation ? (
      <InvitationPage token={invitation} />
    ) : (
      <Gate place="the desk">
        {({ me, leave, expire }) => <App me={me} tabs={TABS} onLeave={leave} onExpire={expire} />}
      </Gate>
    ),
    root,
  );
}
// A link that is opened in a page that is there already.
addEventListener("hashchange", () => location.hash.startsWith("#invitation=") && location.reload());

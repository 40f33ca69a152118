import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { io } from "socket.io-client";
import type { Me } from "../shared/contract";
import { Gate } from "../shared/desk/Gate";
import { ofBrowser, ofWindow } from "../shared/storage";
import "../shared/brandPage";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "../shared/desk/desk.css";
import "../shared/desk/transcript.css";
import "./inbox.css";
import "./chat.css";
import "./packet.css";
import "./dialogs.css";
import "./finding/finding.css";
import "./work.css";
import "./forced.css";
import { App } from "./App";
import { Desk } from "./net/desk";
import { Keep } from "./state/keep";

type Props = { me: Me; leave: () => void; expire: () => void };

function Inbox({ me, leave, expire }: Props) {
  const desk = useMemo(() => {
    const socket = io("/inbox", {
      autoConnect: false,
      multiplex: false,
      reconnectionDelayMax: 5000,
      transports: ["websocket", "polling"],
    });
    return new Desk(socket, new Keep(ofWindow, ofBrowser, me.agent_id), expire);
  }, [me.agent_id, expire]);
  useEffect(() => {
    desk.start();
    return () => desk.stop();
  }, [desk]);
  return <App desk={desk} me={me} onLeave={leave} />;
}

const root = document.getElementById("app");
if (root) {
  render(
    <Gate place="the inbox">
      {({ me, leave, expire }) => <Inbox me={me} leave={leave} expire={expire} />}
    </Gate>,
    root,
  );
}

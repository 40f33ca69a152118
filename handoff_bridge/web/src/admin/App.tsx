import { useEffect, useState } from "preact/hooks";
import type { Me } from "../shared/contract";
import { AccountMenu } from "../shared/desk/AccountMenu";
import { isSupervisor } from "../shared/desk/roles";
import { LogoIcon } from "../shared/icons";
import type { Tab } from "./tabs";

type Props = { me: Me; tabs: readonly Tab[]; onLeave: () => void; onExpire: () => void };

const inAddress = () => location.hash.slice(1);

/** The frame: a tab for each thing that is set up here, the open one in the address. */
export function App({ me, tabs, onLeave, onExpire }: Props) {
  const [id, setId] = useState(inAddress);
  useEffect(() => {
    const follow = () => setId(inAddress());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const seen = tabs.filter((tab) => !tab.forSupervisors || isSupervisor(me));
  const open = seen.find((tab) => tab.id === id) ?? seen[0];
  return (
    <div class="admin">
      <header class="top-bar">
        <span class="brand">
          <LogoIcon />
          <h1>{isSupervisor(me) ? "People and settings" : "Your account"}</h1>
        </span>
        <div class="top-bar-tools">
          <a class="button button-quiet" href="/inbox">
            Inbox
          </a>
          <AccountMenu me={me} page="admin" onLeave={onLeave} />
        </div>
      </header>
      <nav class="tabs" aria-label="Settings">
        {seen.map((tab) => (
          <a key={tab.id} class="tab" href={`#${tab.id}`} aria-current={tab === open ? "page" : undefined}>
            {tab.title}
          </a>
        ))}
      </nav>
      <main class="admin-page">{open && <open.View me={me} onExpire={onExpire} />}</main>
    </div>
  );
}

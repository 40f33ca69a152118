import { SessionList } from "../SessionList";
import type { TabProps } from "../tabProps";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";

/** What everybody sees to themselves. */
export function AccountTab({ me, onExpire }: TabProps) {
  return (
    <div class="stack-wide">
      <header class="section-head">
        <h2>Your account</h2>
        <p class="soft">
          {me.name} · {me.email} · {[me.role, me.team && `${me.team} team`].filter(Boolean).join(" · ")}
        </p>
      </header>
      <section class="panel" aria-labelledby="password">
        <h3 id="password">Password</h3>
        <PasswordForm email={me.email} onExpire={onExpire} />
      </section>
      <section class="panel" aria-labelledby="second-factor">
        <h3 id="second-factor">Second factor</h3>
        <SecondFactor onExpire={onExpire} />
      </section>
      <section class="panel" aria-labelledby="sessions">
        <h3 id="sessions">Where you are logged in</h3>
        <SessionList agentId={me.agent_id} onExpire={onExpire} />
      </section>
    </div>
  );
}

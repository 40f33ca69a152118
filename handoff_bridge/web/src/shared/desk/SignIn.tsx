import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../Button";
import { brand } from "../brand";
import type { Login } from "../contract";
import { LogoIcon } from "../icons";
import { ThemeSwitch } from "../ThemeSwitch";
import { ApiError, fetchSignInOptions, logIn } from "./api";
import { Insecure } from "./Insecure";
import { explained, Problem } from "./Problem";

type Props = { place: string; expired: boolean; onDone: () => void };

/** Email and password; then a code, where the account asks for one. */
export function SignIn({ place, expired, onDone }: Props) {
  const [asked, setAsked] = useState<Login>();
  const [problem, setProblem] = useState(refusalInAddress);
  const [busy, setBusy] = useState(false);
  const tryIt = async (login: Login) => {
    setBusy(true);
    setProblem("");
    try {
      await logIn(login);
      onDone();
    } catch (error) {
      setBusy(false);
      const needsCode = error instanceof ApiError && error.code === "second_factor_needed";
      if (needsCode) return setAsked(login);
      setProblem(explain(error));
      // Only a wrong code leaves one where it is asked for.
      if (!(error instanceof ApiError) || error.code !== "second_factor_wrong") setAsked(undefined);
    }
  };
  if (asked) {
    return (
      <CodeStep
        problem={problem}
        busy={busy}
        onCode={(code) => tryIt({ ...asked, code })}
        onBack={() => setAsked(undefined)}
      />
    );
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void tryIt({ email: String(form.get("email")), password: String(form.get("password")) });
  };
  return (
    <Card onSubmit={submit}>
      <h1>Log in to {place}</h1>
      <p class="soft">
        {expired
          ? "Your login has ended. Log in again: your drafts are still here."
          : `For the people of ${brand.company} who answer customers.`}
      </p>
      <label class="field">
        <span>Email</span>
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <label class="field">
        <span>Password</span>
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Problem text={problem} />
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? "Logging in…" : "Log in"}
      </Button>
      <ProviderLink />
    </Card>
  );
}

type CodeProps = { problem: string; busy: boolean; onCode: (code: string) => void; onBack: () => void };

function CodeStep({ problem, busy, onCode, onBack }: CodeProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onCode(String(new FormData(event.currentTarget as HTMLFormElement).get("code")));
  };
  return (
    <Card onSubmit={submit}>
      <h1>Enter your code</h1>
      <p class="soft">The six digits in your authenticator app, or one of your recovery codes.</p>
      <label class="field">
        <span>Code</span>
        <input
          name="code"
          autocomplete="one-time-code"
          autocapitalize="none"
          spellcheck={false}
          required
          ref={(input) => input?.focus()}
        />
      </label>
      <Problem text={problem} />
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? "Logging in…" : "Log in"}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        Back
      </Button>
    </Card>
  );
}

type CardProps = { onSubmit?: (event: SubmitEvent) => void; children: ComponentChildren };

/** The one card of a page that is not the desk yet. */
export function Card({ onSubmit, children }: CardProps) {
  return (
    <main class="sign-in">
      <Insecure />
      <div class="sign-in-theme">
        <ThemeSwitch />
      </div>
      <form class="sign-in-card" onSubmit={onSubmit ?? ((event) => event.preventDefault())}>
        <span class="brand-mark" aria-hidden="true">
          <LogoIcon />
        </span>
        {children}
      </form>
    </main>
  );
}

/** For those whose organisation says who they are. */
function ProviderLink() {
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    fetchSignInOptions().then(
      (options) => setOffered(options.oidc),
      () => undefined,
    );
  }, []);
  if (!offered) return null;
  return (
    <a class="button" href="/api/v1/auth/oidc">
      Log in with your organisation
    </a>
  );
}

/** Why a sign-in at the provider came to nothing: the bridge writes the code behind the #. */
function refusalInAddress(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get("sign-in-refused");
  if (!code) return "";
  history.replaceState(null, "", location.pathname);
  if (code === "oidc_unknown") return "Nobody here has the verified email address of that account.";
  if (code === "account_disabled") return "This account is disabled. Ask whoever manages your team.";
  return "Logging in with your organisation did not work. Try again, or use your password.";
}

function explain(error: unknown): string {
  if (error instanceof ApiError && error.code === "login_refused") {
    return "This email and password do not belong together. Check both and try again.";
  }
  return explained(error);
}

import { useState } from "preact/hooks";
import { Button } from "../Button";
import { brand } from "../brand";
import { LogoIcon, WarningIcon } from "../icons";
import { ThemeSwitch } from "../ThemeSwitch";
import { ApiError, logIn } from "./api";

type Props = { place: string; expired: boolean; onDone: () => void };

export function SignIn({ place, expired, onDone }: Props) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      await logIn({ email: String(form.get("email")), password: String(form.get("password")) });
      onDone();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <div class="sign-in-theme">
        <ThemeSwitch />
      </div>
      <form class="sign-in-card" onSubmit={submit}>
        <span class="brand-mark" aria-hidden="true">
          <LogoIcon />
        </span>
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
        <div role="alert" class="sign-in-problem">
          {problem && (
            <p>
              <WarningIcon small />
              <span>{problem}</span>
            </p>
          )}
        </div>
        <Button kind="primary" type="submit" disabled={busy}>
          {busy ? "Logging in…" : "Log in"}
        </Button>
      </form>
    </main>
  );
}

function explain(error: unknown): string {
  if (!(error instanceof ApiError) || error.code === "unreachable") {
    return "The server does not answer. Check your connection and try again.";
  }
  if (error.status === 401)
    return "This email and password do not belong together. Check both and try again.";
  if (error.status === 429) return "Too many tries in a row. Wait a minute, then try again.";
  return error.message || "Logging in did not work. Try again in a moment.";
}

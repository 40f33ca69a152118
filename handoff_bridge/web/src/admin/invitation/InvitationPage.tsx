import { useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Invited } from "../../shared/contract";
import { ApiError, logIn } from "../../shared/desk/api";
import { explained, Problem } from "../../shared/desk/Problem";
import { Card } from "../../shared/desk/SignIn";
import { acceptInvitation, lookAtInvitation } from "../api";
import { MIN_PASSWORD, NewPassword } from "../NewPassword";

type Look = { state: "loading" } | { state: "over" } | { state: "failed" } | { state: "ready"; of: Invited };

/** What a link opens: whoever it is for sets their password, and is in. */
export function InvitationPage({ token }: { token: string }) {
  const [look, setLook] = useState<Look>({ state: "loading" });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const load = () => {
    setLook({ state: "loading" });
    lookAtInvitation(token).then(
      (of) => setLook({ state: "ready", of }),
      (error) => setLook({ state: isOver(error) ? "over" : "failed" }),
    );
  };
  useEffect(load, []);
  if (look.state === "loading") {
    return (
      <Card>
        <p class="soft" aria-busy="true">
          Opening your invitation…
        </p>
      </Card>
    );
  }
  if (look.state === "over") return <Over />;
  if (look.state === "failed") {
    return (
      <Card>
        <h1>The server does not answer</h1>
        <p class="soft">Your link is still good.</p>
        <Button kind="primary" onClick={load}>
          Try again
        </Button>
      </Card>
    );
  }
  const { of } = look;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget as HTMLFormElement).get("password"));
    setBusy(true);
    setProblem("");
    try {
      await acceptInvitation(token, password);
      await logIn({ email: of.email, password });
      location.replace("/inbox");
    } catch (error) {
      // The password is set; their second factor is asked for on the page of logging in.
      if (error instanceof ApiError && error.code === "second_factor_needed") location.replace("/inbox");
      else if (isOver(error)) setLook({ state: "over" });
      else setProblem(explained(error));
      setBusy(false);
    }
  };
  return (
    <Card onSubmit={submit}>
      <h1>{of.first ? `Welcome, ${of.name}` : "Set a new password"}</h1>
      <p class="soft">
        {of.first
          ? `You answer customers of ${brand.company}. Choose your password; you log in as ${of.email}.`
          : `For ${of.email}. Wherever you were logged in, you log in again.`}
      </p>
      <input
        class="visually-hidden"
        name="username"
        autocomplete="username"
        value={of.email}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <NewPassword label="Password" />
      <Problem text={problem} />
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? "One moment…" : "Set password and log in"}
      </Button>
      <p class="field-hint">At least {MIN_PASSWORD} characters, and not your email.</p>
    </Card>
  );
}

function Over() {
  return (
    <Card>
      <h1>This link is over</h1>
      <p class="soft">It has expired or was used already. Ask whoever sent it for a new one.</p>
      <a class="button button-primary" href="/inbox">
        Log in
      </a>
    </Card>
  );
}

const isOver = (error: unknown) => error instanceof ApiError && error.code === "invitation_invalid";

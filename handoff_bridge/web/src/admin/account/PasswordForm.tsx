import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { ApiError } from "../../shared/desk/api";
import { explained, Problem } from "../../shared/desk/Problem";
import { changePassword } from "../api";
import { MIN_PASSWORD, NewPassword } from "../NewPassword";

type Props = { email: string; onExpire: () => void };

export function PasswordForm({ email, onExpire }: Props) {
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const typed = new FormData(form);
    setProblem("");
    setDone(false);
    try {
      await changePassword(String(typed.get("present")), String(typed.get("password")));
      form.reset();
      setDone(true);
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) return onExpire();
      setProblem(explained(error));
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <input
        class="visually-hidden"
        name="username"
        autocomplete="username"
        value={email}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label class="field">
        <span>Present password</span>
        <input name="present" type="password" autocomplete="current-password" required />
      </label>
      <NewPassword label="New password" />
      <p class="field-hint">
        At least {MIN_PASSWORD} characters, and not your email. Everywhere else you are logged out.
      </p>
      <Problem text={problem} />
      <p role="status">{done && "Your password is changed."}</p>
      <Button type="submit">Change password</Button>
    </form>
  );
}

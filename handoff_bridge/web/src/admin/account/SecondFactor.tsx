import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { Dialog } from "../../shared/desk/Dialog";
import { explained, Problem } from "../../shared/desk/Problem";
import { SecondFactorSetup } from "../../shared/desk/SecondFactorSetup";
import { fetchSecondFactor, removeSecondFactor } from "../api";
import { useLoaded } from "../useLoaded";

type Open = "set_up" | "remove" | "replace" | undefined;

export function SecondFactor({ onExpire }: { onExpire: () => void }) {
  const { loaded, refresh } = useLoaded(fetchSecondFactor, onExpire);
  const [open, setOpen] = useState<Open>();
  if (loaded.state === "loading") return <p class="soft">Loading…</p>;
  if (loaded.state === "failed") return <Button onClick={refresh}>This did not load. Try again</Button>;
  const { enrolled, required, recovery_codes_left: left } = loaded.value;
  const close = () => {
    setOpen(undefined);
    void refresh();
  };
  return (
    <div class="stack">
      <p>
        {enrolled
          ? `On. ${left} recovery ${left === 1 ? "code is" : "codes are"} left.`
          : "Off. With it, a code of an app on your phone is asked for besides your password."}
      </p>
      <div class="row">
        {!enrolled && (
          <Button kind="primary" onClick={() => setOpen("set_up")}>
            Set up
          </Button>
        )}
        {enrolled && <Button onClick={() => setOpen("replace")}>Another phone, new recovery codes</Button>}
        {enrolled && !required && <Button onClick={() => setOpen("remove")}>Turn off</Button>}
      </div>
      {open === "set_up" && (
        <Dialog title="Set up your second factor" onClose={close}>
          <SecondFactorSetup onDone={close} />
        </Dialog>
      )}
      {open === "replace" && <Replace onClose={close} />}
      {open === "remove" && <Remove onClose={close} />}
    </div>
  );
}

function Replace({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState("");
  const [given, setGiven] = useState<string>();
  const [problem, setProblem] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setProblem("");
    setGiven(code);
  };
  const failed = (error: unknown) => {
    setGiven(undefined);
    setProblem(explained(error));
  };
  return (
    <Dialog title="Set up another phone" onClose={onClose}>
      {given === undefined ? (
        <form class="stack" onSubmit={submit}>
          <CodeField value={code} onInput={setCode} />
          <Problem text={problem} />
          <Button kind="primary" type="submit">
            Go on
          </Button>
        </form>
      ) : (
        <SecondFactorSetup code={given} onDone={onClose} onFailed={failed} />
      )}
    </Dialog>
  );
}

function Remove({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget as HTMLFormElement).get("password"));
    try {
      await removeSecondFactor(code, password);
      onClose();
    } catch (error) {
      setProblem(explained(error));
    }
  };
  return (
    <Dialog title="Turn your second factor off" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <label class="field">
          <span>Password</span>
          <input name="password" type="password" autocomplete="current-password" required data-first />
        </label>
        <CodeField value={code} onInput={setCode} />
        <Problem text={problem} />
        <Button kind="danger" type="submit">
          Turn off
        </Button>
      </form>
    </Dialog>
  );
}

function CodeField({ value, onInput }: { value: string; onInput: (code: string) => void }) {
  return (
    <label class="field">
      <span>Code of your app, or a recovery code</span>
      <input
        value={value}
        autocomplete="one-time-code"
        required
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

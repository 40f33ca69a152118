import { useEffect, useState } from "preact/hooks";
import { Button } from "../Button";
import type { SecondFactorBegun } from "../contract";
import { beginSecondFactor, confirmSecondFactor } from "./api";
import { explained, Problem } from "./Problem";

type Props = {
  /** A code of the second factor that there is, which is replaced. */
  code?: string | undefined;
  onDone: () => void;
  onFailed?: (error: unknown) => void;
};

/** Scan, confirm with a code, keep the recovery codes. */
export function SecondFactorSetup({ code, onDone, onFailed }: Props) {
  const [begun, setBegun] = useState<SecondFactorBegun>();
  const [recovery, setRecovery] = useState<string[]>();
  const [problem, setProblem] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    beginSecondFactor(code).then(setBegun, (error) => {
      setProblem(explained(error));
      onFailed?.(error);
    });
  }, []);
  const confirm = async () => {
    setBusy(true);
    setProblem("");
    try {
      setRecovery(await confirmSecondFactor(typed));
    } catch (error) {
      setProblem(explained(error));
    }
    setBusy(false);
  };
  if (recovery) return <RecoveryCodes codes={recovery} onDone={onDone} />;
  if (!begun) return problem ? <Problem text={problem} /> : <p class="soft">One moment…</p>;
  return (
    <div class="setup">
      <p>Scan this with an authenticator app, such as the one of your phone.</p>
      <img class="setup-qr" src={begun.qr} alt="QR code with the secret below" />
      <p class="soft">
        No camera? Type this secret: <code class="setup-secret">{inFours(begun.secret)}</code>
      </p>
      <label class="field">
        <span>The six digits that the app shows now</span>
        <input
          value={typed}
          inputMode="numeric"
          autocomplete="one-time-code"
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            void confirm();
          }}
        />
      </label>
      <Problem text={problem} />
      <Button kind="primary" disabled={busy || !typed.trim()} onClick={confirm}>
        {busy ? "Checking…" : "Confirm"}
      </Button>
    </div>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <div class="setup">
      <p role="status">
        <strong>Your second factor is on.</strong> Keep these recovery codes where you find them without your
        phone. Each is good once, and they are not shown again.
      </p>
      <ul class="setup-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button kind="primary" onClick={onDone}>
        I have kept them
      </Button>
    </div>
  );
}

const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");

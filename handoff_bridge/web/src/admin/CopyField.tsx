import { useState } from "preact/hooks";
import { Button } from "../shared/Button";
import { CopyIcon } from "../shared/desk/icons";

/** Something that is shown this once, to be taken along. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const [told, setTold] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setTold("Copied.");
    } catch {
      setTold("Select the text and copy it.");
    }
  };
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <input value={value} readOnly data-first onFocus={(event) => event.currentTarget.select()} />
      </label>
      <div class="row">
        <Button kind="primary" onClick={copy}>
          <CopyIcon small /> Copy
        </Button>
        <span role="status">{told}</span>
      </div>
    </>
  );
}

import { Dialog } from "../../shared/desk/Dialog";
import { KEYS } from "../keys";

type Props = { singleKeys: boolean; onSingleKeys: (on: boolean) => void; onClose: () => void };

export function KeysDialog({ singleKeys, onSingleKeys, onClose }: Props) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => onSingleKeys(event.currentTarget.checked)}
        />
        <span>
          Single-letter keys
          <span class="soft"> Turn them off if you speak your commands.</span>
        </span>
      </label>
    </Dialog>
  );
}

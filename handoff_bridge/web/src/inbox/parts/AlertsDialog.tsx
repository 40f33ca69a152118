import { useState } from "preact/hooks";
import { useStore } from "../../shared/client/store";
import { Dialog } from "../../shared/desk/Dialog";
import { type Notifying, notifying, turnOff, turnOn } from "../net/notifications";
import { type Sound, setMuted, sound, wakeSound } from "../net/sound";

const OF_SOUND: Partial<Record<Sound, string>> = {
  blocked: "The browser keeps this page silent until you click in it.",
  none: "This browser plays no sound here.",
};

const OF_NOTIFICATIONS: Partial<Record<Notifying, string>> = {
  denied: "You have forbidden them: allow them for this site in the browser's settings.",
  insecure: "Browsers show them only for pages that come by HTTPS.",
  none: "This browser shows none.",
};

/** How the inbox calls an agent: by sound, and outside of the page. */
export function AlertsDialog({ onClose }: { onClose: () => void }) {
  const sounds = useStore(sound);
  const [shown, setShown] = useState(notifying);
  const changeShown = async (on: boolean) => {
    if (on) await turnOn();
    else turnOff();
    setShown(notifying);
  };
  const changeSound = (on: boolean) => {
    wakeSound();
    setMuted(!on);
  };
  return (
    <Dialog title="Alerts" onClose={onClose}>
      <Choice
        label="Sound"
        about={OF_SOUND[sounds] ?? "A chime for a new chat, and for messages in chats that you do not see."}
        on={sounds === "on" || sounds === "blocked"}
        can={sounds !== "none"}
        onChange={changeSound}
      />
      <Choice
        label="Desktop notifications"
        about={OF_NOTIFICATIONS[shown] ?? "While you look at something else. They name the customer."}
        on={shown === "on"}
        can={shown === "on" || shown === "off" || shown === "unasked"}
        onChange={changeShown}
      />
    </Dialog>
  );
}

type ChoiceProps = {
  label: string;
  about: string;
  on: boolean;
  can: boolean;
  onChange: (on: boolean) => void;
};

function Choice({ label, about, on, can, onChange }: ChoiceProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={on}
        disabled={!can}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label} <span class="soft">{about}</span>
      </span>
    </label>
  );
}

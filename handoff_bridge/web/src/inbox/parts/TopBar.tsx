import { IconButton } from "../../shared/Button";
import { useStore } from "../../shared/client/store";
import type { Me, Presence, Self } from "../../shared/contract";
import { AccountMenu } from "../../shared/desk/AccountMenu";
import { KeyboardIcon } from "../../shared/desk/icons";
import { PRESENCES } from "../../shared/desk/words";
import { BellIcon, BellOffIcon, LogoIcon } from "../../shared/icons";
import { SearchField } from "../finding/SearchField";
import type { Finding } from "../finding/useFinding";
import { type Sound, sound } from "../net/sound";

type Props = {
  me: Me;
  self: Self | undefined;
  /** Undefined where it stands elsewhere. */
  finding: Finding | undefined;
  onPresence: (status: Presence) => void;
  onAlerts: () => void;
  onKeys: () => void;
  onLeave: () => void;
};

export function TopBar({ me, self, finding, onPresence, onAlerts, onKeys, onLeave }: Props) {
  return (
    <header class="top-bar">
      <span class="brand">
        <LogoIcon />
        <h1>Inbox</h1>
      </span>
      {self && (
        <div class="top-bar-desk">
          <label class={`presence presence-${self.status}`}>
            <span class="presence-dot" aria-hidden="true" />
            <span class="visually-hidden">Your presence</span>
            <select
              value={self.status}
              onChange={(event) => onPresence(event.currentTarget.value as Presence)}
            >
              {PRESENCES.map(({ value, word }) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <span class="load" title="Your chats, and the most you take at once">
            {self.load}/{self.capacity} <span class="load-word">chats</span>
          </span>
        </div>
      )}
      {finding && <SearchField finding={finding} />}
      <div class="top-bar-tools">
        <Bell onOpen={onAlerts} />
        <span class="keys-button">
          <IconButton label="All keys (?)" onClick={onKeys}>
            <KeyboardIcon />
          </IconButton>
        </span>
        <AccountMenu me={me} page="inbox" onLeave={onLeave} />
      </div>
    </header>
  );
}

function Bell({ onOpen }: { onOpen: () => void }) {
  const sounds = useStore(sound);
  return (
    <IconButton label={`Alerts: ${SOUNDS[sounds]}`} onClick={onOpen}>
      {sounds === "on" ? <BellIcon /> : <BellOffIcon />}
    </IconButton>
  );
}

const SOUNDS: Record<Sound, string> = {
  on: "sound is on",
  muted: "sound is off",
  blocked: "sound starts with your first click",
  none: "no sound here",
};

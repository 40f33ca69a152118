import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { DeliveryState } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import {
  CheckTwiceIcon,
  EyeIcon,
  PhoneIcon,
  PlaneIcon,
  SmsIcon,
  WhatsAppIcon,
} from "../../shared/desk/icons";
import { plainWords, reasonWords } from "../../shared/desk/words";
import { ChatIcon, CheckIcon, ClockIcon, WarningIcon } from "../../shared/icons";
import { nearTime } from "../../shared/time";
import { STATE_WORDS } from "../state/deliveries";
import type { Row } from "../state/rows";
import { windowOf } from "../state/window";

const ICONS: Record<string, typeof ChatIcon> = {
  telegram: PlaneIcon,
  whatsapp: WhatsAppIcon,
  sms: SmsIcon,
  app: PhoneIcon,
};

export const channelTitle = ({ reach, channel }: Pick<Row, "reach" | "channel">): string =>
  reach?.title ?? plainWords(channel);

/** Where the customer writes, who is on no page of ours; `children` instead of its name. */
export function ChannelMark({ row, children }: { row: Row; children?: ComponentChildren }) {
  const Icon = ICONS[row.channel] ?? ChatIcon;
  return (
    <span class="channel-mark">
      <Icon small />
      <span>{children ?? channelTitle(row)}</span>
    </span>
  );
}

/** Whether the customer may be written to, until the very moment when they may not. */
export function useIsOpen(row: Row): boolean {
  const endsAt = row.reach?.window_ends_at;
  const isOpenNow = () => !endsAt || Date.now() < new Date(endsAt).getTime();
  const [, tick] = useState(0);
  useEffect(() => {
    if (!endsAt) return;
    const left = new Date(endsAt).getTime() - Date.now();
    if (left <= 0 || left > 2 ** 31 - 1) return;
    const timer = setTimeout(() => tick((count) => count + 1), left + 50);
    return () => clearTimeout(timer);
  }, [endsAt]);
  return isOpenNow();
}

type WindowProps = { row: Row; customer: string; onTemplates: () => void; onWays: () => void };

/** Above the text box: until when the channel takes what is written there, and what goes afterwards. */
export function WindowLine({ row, customer, onTemplates, onWays }: WindowProps) {
  const now = useNow();
  const window = windowOf(row, now);
  const endsAt = row.reach?.window_ends_at;
  if (!window || !endsAt) return null;
  const title = channelTitle(row);
  if (window.isOpen) {
    const until = <time dateTime={endsAt}>{nearTime(endsAt, now)}</time>;
    return (
      <p class={`window-line ${window.isNearEnd ? "window-near" : "soft"}`}>
        <ClockIcon small />
        {window.isNearEnd ? (
          <span>
            {title}: <strong>{window.left}</strong> left to write, until {until}
          </span>
        ) : (
          <span>
            {title}: you can write until {until}
          </span>
        )}
      </p>
    );
  }
  const { has_templates: hasTemplates } = row.reach ?? {};
  return (
    <div class="window-closed" role="status">
      <p>
        <WarningIcon small />
        <span>
          <strong>The time to reply is over.</strong> Since{" "}
          <time dateTime={endsAt}>{nearTime(endsAt, now)}</time> {title} takes{" "}
          {hasTemplates ? "only approved texts" : "nothing from us"}, until {customer} writes again.
        </span>
      </p>
      <p class="window-actions">
        {hasTemplates && (
          <Button size="small" kind="primary" onClick={onTemplates}>
            Send an approved text…
          </Button>
        )}
        <Button size="small" onClick={onWays}>
          Other ways…
        </Button>
      </p>
    </div>
  );
}

const STATE_ICONS = { pending: ClockIcon, sent: CheckIcon, delivered: CheckTwiceIcon, read: EyeIcon };

type StateProps = {
  delivery: DeliveryState;
  title: string;
  /** The newest says it in a word, too. */
  isNewest: boolean;
  /** What its agent can do about a failure; nobody else can. */
  onAgain?: (() => void) | undefined;
  onWays?: (() => void) | undefined;
};

/** What became of a message: a quiet mark, and a clear line where it did not get there. */
export function Delivered({ delivery, title, isNewest, onAgain, onWays }: StateProps) {
  const { state, reason, detail } = delivery;
  if (state !== "failed") {
    const Icon = STATE_ICONS[state];
    return (
      <span class={`delivery delivery-${state}`} title={STATE_WORDS[state]}>
        <Icon small />
        <span class={isNewest ? "" : "visually-hidden"}>{STATE_WORDS[state]}</span>
      </span>
    );
  }
  return (
    <div class="delivery-failed">
      <p>
        <WarningIcon small />
        <span>
          <strong>{STATE_WORDS.failed}.</strong> {reasonWords(reason, title)}{" "}
          {detail && <small>{`${title}: ${detail}`}</small>}
        </span>
      </p>
      {onWays && (
        <p class="delivery-actions">
          {onAgain && (
            <Button size="small" onClick={onAgain}>
              Send again
            </Button>
          )}
          <Button size="small" onClick={onWays}>
            Other ways…
          </Button>
        </p>
      )}
    </div>
  );
}

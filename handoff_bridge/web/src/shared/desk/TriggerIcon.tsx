import { NoteIcon, PersonIcon, WarningIcon } from "../icons";
import { BoltIcon, LayersIcon, LoopIcon, NotUnderstoodIcon, PlugIcon, UpsetIcon } from "./icons";

const ICONS: Record<string, typeof PersonIcon> = {
  customer_request: PersonIcon,
  repeated_fallback: NotUnderstoodIcon,
  negative_sentiment: UpsetIcon,
  no_progress: LoopIcon,
  complexity: LayersIcon,
  restricted_topic: WarningIcon,
  bot_failure: PlugIcon,
  agent_takeover: BoltIcon,
};

export function TriggerIcon({ trigger, small = false }: { trigger: string; small?: boolean }) {
  const Icon = ICONS[trigger] ?? NoteIcon;
  return <Icon small={small} />;
}

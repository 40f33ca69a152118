import type { ComponentType } from "preact";
import { AccountTab } from "./account/AccountTab";
import { CannedTab } from "./canned/CannedTab";
import { ChannelsTab } from "./channels/ChannelsTab";
import { PeopleTab } from "./people/PeopleTab";
import { RoutingTab } from "./routing/RoutingTab";
import type { TabProps } from "./tabProps";
import { TeamsTab } from "./teams/TeamsTab";
import { WebhooksTab } from "./webhooks/WebhooksTab";

export type Tab = {
  /** Behind the # of the address. */
  id: string;
  title: string;
  /** Agents see only what is theirs. */
  forSupervisors: boolean;
  View: ComponentType<TabProps>;
};

/** In the order in which they stand. */
export const TABS: readonly Tab[] = [
  { id: "people", title: "People", forSupervisors: true, View: PeopleTab },
  { id: "teams", title: "Teams", forSupervisors: true, View: TeamsTab },
  { id: "routing", title: "Routing", forSupervisors: true, View: RoutingTab },
  { id: "canned-replies", title: "Canned replies", forSupervisors: true, View: CannedTab },
  { id: "channels", title: "Channels", forSupervisors: true, View: ChannelsTab },
  { id: "webhooks", title: "Webhooks", forSupervisors: true, View: WebhooksTab },
  { id: "account", title: "Your account", forSupervisors: false, View: AccountTab },
];

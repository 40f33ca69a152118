import type { ComponentType } from "preact";
import type { Me } from "../shared/contract";
import { AccountTab } from "./account/AccountTab";
import { PeopleTab } from "./people/PeopleTab";

export type TabProps = { me: Me; onExpire: () => void };
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
  { id: "account", title: "Your account", forSupervisors: false, View: AccountTab },
];

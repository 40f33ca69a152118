import type { Me } from "../shared/contract";

/** What every tab gets: who reads it, and whom to tell that their login is over. */
export type TabProps = { me: Me; onExpire: () => void };

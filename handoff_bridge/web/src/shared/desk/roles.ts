import type { Me } from "../contract";

/** An owner may do all that a supervisor may. */
export const isSupervisor = (me: Pick<Me, "role">) => me.role !== "agent";

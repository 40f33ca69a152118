/** Cards as lines of text. Pure. */

import type { ShownCard } from "../../shared/contract";

/** "Order 4711, on its way". */
export function cardWords({ title, status }: Pick<ShownCard, "title" | "status">): string {
  return [title, status].filter(Boolean).join(", ");
}

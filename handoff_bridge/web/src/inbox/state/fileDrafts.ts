import type { Attachment } from "../../shared/contract";

/** A file that is to go with the next reply. `address` shows a photo; `progress` goes from 0 to 1. */
export type FileDraft = {
  id: string;
  name: string;
  size: number;
  type: string;
  address: string;
  progress: number;
  attachment?: Attachment;
  /** The sentence for the agent if it did not go up, and whether another try may help. */
  problem?: string | undefined;
  mayPass?: boolean;
};
/** By conversation. */
export type FileDrafts = Readonly<Record<string, readonly FileDraft[]>>;

import { WarningIcon } from "../icons";
import { ApiError } from "./api";

/** What went wrong with a form, announced at once. */
export function Problem({ text }: { text: string }) {
  return (
    <div role="alert" class="sign-in-problem">
      {text && (
        <p>
          <WarningIcon small />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

/** A failure in words: the server's own sentence where it has one. */
export function explained(error: unknown): string {
  if (!(error instanceof ApiError) || error.code === "unreachable") {
    return "The server does not answer. Check your connection and try again.";
  }
  if (error.status === 429) return "Too many tries in a row. Wait a minute, then try again.";
  return error.message || "That did not work. Try again in a moment.";
}

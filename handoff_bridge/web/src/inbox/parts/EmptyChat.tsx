import { LogoIcon } from "../../shared/icons";

type Props = { waiting: number; loading: boolean };

export function EmptyChat({ waiting, loading }: Props) {
  return (
    <main class="empty-chat">
      <span class="brand-mark" aria-hidden="true">
        <LogoIcon />
      </span>
      <h2>{headline(waiting, loading)}</h2>
      {!loading && (
        <p class="soft">
          {waiting > 0 ? (
            <>
              Open a chat to read it first. Press <kbd>j</kbd> for the next one, <kbd>c</kbd> to claim it.
            </>
          ) : (
            "New handoffs appear on the left, with a sound if you like."
          )}
        </p>
      )}
    </main>
  );
}

function headline(waiting: number, loading: boolean): string {
  if (loading) return "Opening your desk…";
  if (waiting === 0) return "All quiet";
  return waiting === 1 ? "One customer is waiting" : `${waiting} customers are waiting`;
}

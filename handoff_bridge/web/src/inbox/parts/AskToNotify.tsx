import { useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import { BellIcon } from "../../shared/icons";
import { notifying, turnOff, turnOn } from "../net/notifications";

/** Asks once somebody has come back to a page that had called in vain. */
export function AskToNotify({ missed }: { missed: boolean }) {
  const [asks, setAsks] = useState(() => notifying() === "unasked");
  if (!missed || !asks) return null;
  const answer = async (does: () => void | Promise<void>) => {
    await does();
    setAsks(false);
  };
  return (
    <Banner
      icon={<BellIcon small />}
      actions={
        <>
          <Button size="small" onClick={() => answer(turnOn)}>
            Turn on
          </Button>
          <Button size="small" kind="quiet" onClick={() => answer(turnOff)}>
            No, thanks
          </Button>
        </>
      }
    >
      A customer wrote while you were elsewhere. Show desktop notifications then?
    </Banner>
  );
}

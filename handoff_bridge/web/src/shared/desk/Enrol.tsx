import { Button } from "../Button";
import { SecondFactorSetup } from "./SecondFactorSetup";
import { Card } from "./SignIn";

type Props = { onDone: () => void; onLeave: () => void };

/** Where everybody needs a second factor: before anything else. */
export function Enrol({ onDone, onLeave }: Props) {
  return (
    <Card>
      <h1>Set up your second factor</h1>
      <p class="soft">Everybody here logs in with a code besides the password.</p>
      <SecondFactorSetup onDone={onDone} />
      <Button kind="quiet" onClick={onLeave}>
        Log out
      </Button>
    </Card>
  );
}

import type { Me, RoutingDocument, Rules } from "../../shared/contract";
import { ClockIcon } from "../../shared/icons";
import { DocumentPage } from "../documents/DocumentPage";
import { Ladder } from "./Ladder";
import "./routing.css";
import { secsWords } from "./words";

type Props = { me: Me; onExpire: () => void };

/** Who is wanted for which chat, and for how long; supervisors may change it. */
export function RoutingTab({ me, onExpire }: Props) {
  return (
    <DocumentPage name="routing" title="Routing" file="routing.yml" me={me} onExpire={onExpire}>
      {({ document }) => <Routing {...document} />}
    </DocumentPage>
  );
}

function Routing({ document, longest_wait_secs = 0 }: RoutingDocument) {
  if (!document) return null;
  return (
    <>
      <p class="bound">
        <ClockIcon />
        <span>
          {longest_wait_secs
            ? `After ${secsWords(longest_wait_secs)} in line, any chat is anyone’s.`
            : "Every chat is anyone’s from the start."}{" "}
          <span class="soft">
            A chat goes through the steps that are about it, from top to bottom; whoever a step allowed may
            still take it later.
          </span>
        </span>
      </p>
      <Ladder steps={document.steps} />
      <Order rules={document} />
    </>
  );
}

function Order({ rules }: { rules: Rules }) {
  const weights = Object.entries(rules.weights);
  return (
    <dl class="routing-facts">
      <div>
        <dt>Head start</dt>
        <dd>Priority 1 is served as if it had waited {secsWords(rules.head_start_secs)} longer.</dd>
      </div>
      <div>
        <dt>Weights</dt>
        <dd>
          A chat takes 1 of an agent’s capacity
          {weights.map(([channel, weight]) => `; by ${channel} ${weight}`)}.
        </dd>
      </div>
    </dl>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { CheckIcon, CloseIcon, ThumbDownIcon, ThumbUpIcon } from "../../shared/icons";
import { letters, MOST_OF_OUTCOME } from "../../shared/letters";
import { useChat, useChatState, useSay } from "./context";

const YES = 5;
const NO = 1;

/** One question after a human has left. A "yes" is one tap; a "not yet" may say what is missing. */
export function Survey() {
  const chat = useChat();
  const { survey } = useChatState();
  const say = useSay();
  const [unhappy, setUnhappy] = useState(false);
  if (survey?.answered) {
    return (
      <p class="survey survey-thanks" role="status">
        <CheckIcon /> {say("thanks")}
      </p>
    );
  }
  const question = survey?.agent ? say("settled_by", { name: survey.agent }) : say("settled");
  return (
    <section class="survey" aria-label={question}>
      <IconButton
        label={say("skip_question")}
        size="small"
        class="survey-skip"
        onClick={() => chat.dismissSurvey()}
      >
        <CloseIcon small />
      </IconButton>
      <h3 dir="auto">{question}</h3>
      {unhappy ? (
        <Missing />
      ) : (
        <div class="survey-answers">
          <Button onClick={() => chat.answerSurvey(YES, "")}>
            <ThumbUpIcon /> {say("settled_yes")}
          </Button>
          <Button onClick={() => setUnhappy(true)}>
            <ThumbDownIcon /> {say("settled_not_yet")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Missing() {
  const chat = useChat();
  const say = useSay();
  const [comment, setComment] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.closest(".survey")?.scrollIntoView({ block: "end" });
  }, []);
  const over = letters(comment.trim()) - MOST_OF_OUTCOME;
  const submit = (event: Event) => {
    event.preventDefault();
    if (over <= 0) void chat.answerSurvey(NO, comment.trim());
  };
  return (
    <form class="survey-missing" onSubmit={submit}>
      <label for="survey-comment">{say("still_open")}</label>
      <textarea
        id="survey-comment"
        ref={field}
        class="field"
        rows={2}
        dir="auto"
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      {over > 0 && (
        <p class="composer-count" role="status">
          {say("characters_over", { count: over })}
        </p>
      )}
      <Button type="submit" kind="primary">
        {say("send")}
      </Button>
    </form>
  );
}

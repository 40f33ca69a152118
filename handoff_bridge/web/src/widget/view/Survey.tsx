import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { CheckIcon, CloseIcon, ThumbDownIcon, ThumbUpIcon } from "../../shared/icons";
import { letters, MOST_OF_OUTCOME } from "../../shared/letters";
import { useChat, useChatState } from "./context";

const YES = 5;
const NO = 1;

/** One question after a human has left. A "yes" is one tap; a "not yet" may say what is missing. */
export function Survey() {
  const chat = useChat();
  const { survey } = useChatState();
  const [unhappy, setUnhappy] = useState(false);
  if (survey === "thanks") {
    return (
      <p class="survey survey-thanks" role="status">
        <CheckIcon /> Thank you, that helps us.
      </p>
    );
  }
  return (
    <section class="survey" aria-label="Did this settle it?">
      <IconButton
        label="Skip the question"
        size="small"
        class="survey-skip"
        onClick={() => chat.dismissSurvey()}
      >
        <CloseIcon small />
      </IconButton>
      <h3>Did this settle it?</h3>
      {unhappy ? (
        <Missing />
      ) : (
        <div class="survey-answers">
          <Button onClick={() => chat.answerSurvey(YES, "")}>
            <ThumbUpIcon /> Yes
          </Button>
          <Button onClick={() => setUnhappy(true)}>
            <ThumbDownIcon /> Not yet
          </Button>
        </div>
      )}
    </section>
  );
}

function Missing() {
  const chat = useChat();
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
      <label for="survey-comment">What is still open? (optional)</label>
      <textarea
        id="survey-comment"
        ref={field}
        class="field"
        rows={2}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      {over > 0 && (
        <p class="composer-count" role="status">
          {over} characters too many
        </p>
      )}
      <Button type="submit" kind="primary">
        Send
      </Button>
    </form>
  );
}

import type { CannedRepliesDocument } from "../../shared/contract";
import { languageWord } from "../../shared/desk/words";
import { DocumentPage } from "../documents/DocumentPage";
import type { TabProps } from "../tabProps";
import "./canned.css";

/** What agents keep at hand; supervisors may change it. */
export function CannedTab({ me, onExpire }: TabProps) {
  return (
    <DocumentPage
      name="canned-replies"
      title="Canned replies"
      file="canned_replies.yml"
      me={me}
      onExpire={onExpire}
    >
      {({ document }) => <Replies {...document} />}
    </DocumentPage>
  );
}

function Replies({ document, variables }: CannedRepliesDocument) {
  if (!document) return null;
  return (
    <>
      <p class="soft">
        In the inbox a slash opens this list. Texts may use{" "}
        {variables.map((name, at) => (
          <span key={name}>
            {at > 0 && ", "}
            <code>{`{${name}}`}</code>
          </span>
        ))}
        .
      </p>
      <ul class="canned">
        {Object.entries(document.replies).map(([shortcut, { title, text }]) => (
          <li key={shortcut}>
            <details>
              <summary>
                <code>/{shortcut}</code> <strong>{title}</strong>{" "}
                <span class="soft">{Object.keys(text).map(languageWord).join(", ")}</span>
              </summary>
              <dl>
                {Object.entries(text).map(([language, words]) => (
                  <div key={language}>
                    <dt>{languageWord(language)}</dt>
                    <dd lang={language}>{words}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

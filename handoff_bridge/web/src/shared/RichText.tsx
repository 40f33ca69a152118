import { partsOf, pieces } from "./links";

/** Text as text, its addresses as links. Nothing in it can become markup, or turn an address around. */
export function RichText({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map(({ text: part, href, host }, index) =>
        href ? (
          <a key={index} href={href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
            {part}
            {host && ` (${host})`}
          </a>
        ) : (
          partsOf(part).map((words, at) =>
            at % 2 ? (
              <bdi key={`${index}-${at}`} class="number">
                {words}
              </bdi>
            ) : (
              words
            ),
          )
        ),
      )}
    </>
  );
}

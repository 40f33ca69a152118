import { pieces } from "../state/links";

/** Text as text, its addresses as links. Nothing in it can become markup. */
export function RichText({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map(({ text: part, href }, index) =>
        href ? (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

import { SearchIcon } from "../../shared/icons";
import type { Finding } from "./useFinding";

/** Words of past chats, names, order numbers. Its results take the left column. */
export function SearchField({ finding }: { finding: Finding }) {
  const { query, setQuery, field } = finding;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    // Escape leaves the text box as everywhere, and here what was looked for too.
    event.stopPropagation();
    setQuery("");
    field.current?.blur();
  };
  return (
    <search class="search-field">
      <SearchIcon small />
      <input
        ref={field}
        type="search"
        aria-label="Search all chats"
        aria-keyshortcuts="s"
        placeholder="Search all chats"
        maxLength={200}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {!query && <kbd>s</kbd>}
    </search>
  );
}

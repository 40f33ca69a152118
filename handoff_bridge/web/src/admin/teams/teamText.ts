import { type Document, isMap, parseDocument } from "yaml";
import type { Team } from "../../shared/contract";
import { WEEKDAYS, type Weekday } from "./week";

/** A team as a form has it: what may be left out is empty, lists have commas. */
export type TeamFields = {
  mode: Team["mode"];
  order: Team["order"];
  accept_secs: string;
  pause_secs: string;
  wrap_up_secs: string;
  longest_queue: string;
  answer_hours: string;
  languages: string;
  hasHours: boolean;
  zone: string;
  holidays: string;
  closed: string;
  open: Record<Weekday, string>;
};

export const NEW_TEAM: Team = {
  mode: "claim",
  order: "longest_idle",
  accept_secs: 30,
  pause_secs: 5,
  wrap_up_secs: 0,
  languages: [],
  answer_hours: 4,
};

export function fieldsOf(team: Team): TeamFields {
  const { hours } = team;
  const open = WEEKDAYS.map((day) => [day, hours?.open[day]?.join(", ") ?? ""]);
  return {
    mode: team.mode,
    order: team.order,
    accept_secs: String(team.accept_secs),
    pause_secs: String(team.pause_secs),
    wrap_up_secs: String(team.wrap_up_secs),
    longest_queue: String(team.longest_queue ?? ""),
    answer_hours: String(team.answer_hours),
    languages: team.languages.join(", "),
    hasHours: hours !== undefined,
    zone: hours?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    holidays: hours?.holidays ?? "",
    closed: hours?.closed.join(", ") ?? "",
    open: Object.fromEntries(open),
  };
}

type Path = (string | number)[];
const SIMPLE = [
  "mode",
  "order",
  "accept_secs",
  "pause_secs",
  "wrap_up_secs",
  "longest_queue",
  "answer_hours",
] as const;

/**
 * The text with a team as the form has it; undefined where it cannot be read. Only what differs
 * from `before` is written: comments, and what the form does not know, stay as they are.
 */
export function withTeam(
  text: string,
  name: string,
  before: TeamFields | undefined,
  after: TeamFields,
): string | undefined {
  const document = read(text);
  if (!document) return undefined;
  const team: Path = ["teams", name];
  makeMaps(document, team);
  for (const key of SIMPLE) {
    if (before ? before[key] !== after[key] : isTold(key, after)) {
      put(document, [...team, key], after[key].trim());
    }
  }
  if (before ? before.languages !== after.languages : after.languages) {
    putList(document, [...team, "languages"], after.languages);
  }
  if (after.hasHours) putHours(document, [...team, "hours"], before?.hasHours ? before : undefined, after);
  else if (before?.hasHours) document.deleteIn([...team, "hours"]);
  return written(document);
}

export function withoutTeam(text: string, name: string): string | undefined {
  const document = read(text);
  document?.deleteIn(["teams", name]);
  return document && written(document);
}

/** Of a new team only what is not the default. */
function isTold(key: (typeof SIMPLE)[number], fields: TeamFields): boolean {
  return fields[key] !== fieldsOf(NEW_TEAM)[key];
}

function putHours(document: Document, hours: Path, before: TeamFields | undefined, after: TeamFields) {
  makeMaps(document, hours);
  if (before?.zone !== after.zone) put(document, [...hours, "zone"], after.zone.trim());
  if ((before?.holidays ?? "") !== after.holidays)
    put(document, [...hours, "holidays"], after.holidays.trim());
  if ((before?.closed ?? "") !== after.closed) putList(document, [...hours, "closed"], after.closed);
  makeMaps(document, [...hours, "open"]);
  for (const day of WEEKDAYS) {
    if ((before?.open[day] ?? "") !== after.open[day]) {
      putList(document, [...hours, "open", day], after.open[day]);
    }
  }
}

/** As the bridge reads it: everything is text. */
function read(text: string): Document | undefined {
  const document = parseDocument(text, { schema: "failsafe" });
  return document.errors.length ? undefined : document;
}

const written = (document: Document) => document.toString({ lineWidth: 0, flowCollectionPadding: false });

/** A map at each step of the path: `orders:` alone, or `{}`, becomes one that lines can be added to. */
function makeMaps(document: Document, path: Path) {
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  for (let length = 1; length <= path.length; length += 1) {
    const part = path.slice(0, length);
    const found = document.getIn(part, true);
    if (isMap(found)) {
      if (!found.items.length) found.flow = false;
    } else document.setIn(part, document.createNode({}));
  }
}

function put(document: Document, path: Path, value: string) {
  if (value) document.setIn(path, value);
  else document.deleteIn(path);
}

function putList(document: Document, path: Path, value: string) {
  const items = value.split(",").map((item) => item.trim());
  const kept = items.filter(Boolean);
  if (kept.length) document.setIn(path, document.createNode(kept, { flow: true }));
  else document.deleteIn(path);
}

import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { usePaged } from "./usePaged";

type Answer = { items: string[]; before: string | undefined };
type Asked = { wanted: string; before: string | undefined; answer: (page?: Answer) => void };

let asked: Asked[] = [];
let paged: ReturnType<typeof usePaged<string>>;

const fetchPage = (wanted: string, before?: string) =>
  new Promise<Answer>((resolve, reject) => {
    asked.push({ wanted, before, answer: (page) => (page ? resolve(page) : reject(new Error("down"))) });
  });

function Probe() {
  paged = usePaged(fetchPage);
  return null;
}

afterEach(() => {
  render(null, document.body);
  asked = [];
});

const shows = (items: string[], state: string, more: boolean) =>
  vi.waitFor(() => expect({ ...paged }).toMatchObject({ items, state, more }));

test("what an earlier question answers late is dropped", async () => {
  render(<Probe />, document.body);
  paged.load("ket");
  paged.load("kettle");
  asked[1]?.answer({ items: ["right"], before: undefined });
  await shows(["right"], "ready", false);
  asked[0]?.answer({ items: ["wrong"], before: undefined });
  await new Promise((done) => setTimeout(done, 0));
  await shows(["right"], "ready", false);
});

test("pages follow each other, and one that fails is asked for again", async () => {
  render(<Probe />, document.body);
  paged.load("kettle");
  asked[0]?.answer({ items: ["a"], before: "x" });
  await shows(["a"], "ready", true);
  paged.next();
  asked[1]?.answer();
  await shows(["a"], "failed", false);
  paged.next();
  expect(asked[2]).toMatchObject({ wanted: "kettle", before: "x" });
  asked[2]?.answer({ items: ["b"], before: undefined });
  await shows(["a", "b"], "ready", false);
});

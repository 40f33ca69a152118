import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { useTask } from "./useTask";

/** Does it, and lets all that follows from it happen. */
const after = (does: () => void) =>
  act(async () => {
    does();
    await new Promise((done) => setTimeout(done));
  });

function Claim({ task, complain }: { task: () => Promise<unknown>; complain: (sentence: string) => void }) {
  const { busy, run } = useTask(complain);
  return (
    <button type="button" onClick={() => void run(task)}>
      {busy ? "Claiming…" : "Claim"}
    </button>
  );
}

test("a button comes back from whatever it does, and says what threw", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const complain = vi.fn();
  let end = { resolve: () => {}, reject: (_: Error) => {} };
  const task = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => {
        end = { resolve, reject };
      }),
  );
  const host = document.createElement("div");
  render(<Claim task={task} complain={complain} />, host);
  const button = host.querySelector("button") as HTMLButtonElement;
  const press = () => after(() => button.click());
  await press();
  await press();
  expect([button.textContent, task.mock.calls.length]).toEqual(["Claiming…", 1]);
  await after(() => end.reject(new Error("broken")));
  expect(button.textContent).toBe("Claim");
  expect(complain).toHaveBeenCalledWith("That did not work. Nothing is lost; try again in a moment.");
  await press();
  await after(() => end.resolve());
  expect([button.textContent, complain.mock.calls.length]).toEqual(["Claim", 1]);
});

test("what throws before it is sent is told as well", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const complain = vi.fn();
  const host = document.createElement("div");
  const task = () => {
    throw new Error("no id");
  };
  render(<Claim task={task} complain={complain} />, host);
  await after(() => host.querySelector("button")?.click());
  expect([host.textContent, complain.mock.calls.length]).toEqual(["Claim", 1]);
});

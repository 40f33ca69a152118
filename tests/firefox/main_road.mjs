// The main road in Firefox, over WebDriver BiDi, against a running copy: chat, photo, person, return, reload.
//
//   BRIDGE_URL       where the copy runs; http://127.0.0.1:8000 if not given
//   DEMO_PASSWORD    of the demo's agents
//   FIREFOX          the program; firefox-esr or firefox from the PATH if not given

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const BRIDGE = process.env.BRIDGE_URL ?? "http://127.0.0.1:8000";
const PASSWORD = process.env.DEMO_PASSWORD;
const PATIENCE_MS = 20_000;
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function firefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  for (const name of ["firefox-esr", "firefox"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf-8" }).trim();
    } catch {
      // The next one, perhaps.
    }
  }
  throw new Error("There is no Firefox here. On Debian: apt-get install firefox-esr.");
}

/** One tab, with what it complained about. */
class Tab {
  constructor(page) {
    this.page = page;
    this.problems = [];
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.problems.push(String(error)));
  }

  /** Deep in shadow roots; `text` is what it must hold. */
  async find(selector, text = "") {
    const look = (wanted, contained) => {
      const roots = [document, ...[...document.querySelectorAll("*")].flatMap((one) => one.shadowRoot ?? [])];
      const all = roots.flatMap((root) => [...root.querySelectorAll(wanted)]);
      const fits = (one) =>
        (one.textContent + (one.getAttribute("aria-label") ?? "")).includes(contained) &&
        one.getClientRects().length > 0;
      return all.findLast(fits) ?? null;
    };
    // By the clock: a tab in the background draws no frames.
    return (await this.page.waitForFunction(look, { polling: 200 }, selector, text)).asElement();
  }

  async press(selector, text = "") {
    await (await this.find(selector, text)).click();
  }

  async write(selector, text) {
    await this.press(selector);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }
}

class Customer extends Tab {
  async open() {
    await this.page.goto(BRIDGE);
    await this.press(".launcher");
    await this.find(".group-bot .bubble", "automated");
  }

  say(text) {
    return this.write(".composer-input", text);
  }

  async sendPhoto() {
    const path = join(mkdtempSync(join(tmpdir(), "tandem-firefox-")), "photo.png");
    writeFileSync(path, Buffer.from(PIXEL, "base64"));
    const input = await this.page.evaluateHandle(() =>
      document.querySelector("tandem-chat").shadowRoot.querySelector("input[type=file]"),
    );
    await input.uploadFile(path);
    await this.find(".preview", "Ready to send");
    await this.press(".composer-send");
    await this.find(".group-customer .photo");
  }
}

class Agent extends Tab {
  async open() {
    await this.page.goto(`${BRIDGE}/inbox`);
    await this.press("input[type=email]");
    await this.page.keyboard.type("maria@example.com");
    await this.write("input[type=password]", PASSWORD);
    await this.find("h1", "Inbox");
  }

  async claim() {
    await this.press("nav section button", "Asked for a person");
    await this.press("main button", "Claim");
    await this.find("main textarea");
  }

  async giveBack() {
    await this.press("main button", "Return to");
    await this.press("dialog label", "Resolved");
    await this.press("dialog button", "Return to");
  }
}

async function steps(customer, agent) {
  return [
    ["the chat opens, and says that it is automated", () => customer.open()],
    [
      "the assistant answers",
      async () => {
        await customer.say("When are you open?");
        await customer.find(".group-customer ~ .group-bot .bubble");
      },
    ],
    ["a photo goes up", () => customer.sendPhoto()],
    ["an agent signs in", () => agent.open()],
    [
      "a person is asked for",
      async () => {
        await customer.say("I want to talk to a person");
        await customer.find(".system-wait", "in line");
      },
    ],
    [
      "the agent claims and answers",
      async () => {
        await agent.claim();
        await agent.write("main textarea", "Hello from the team.");
        await customer.find(".group-agent .bubble", "Hello from the team.");
      },
    ],
    [
      "the customer answers",
      async () => {
        await customer.say("Thank you, that is all.");
        await agent.find("main", "Thank you, that is all.");
      },
    ],
    [
      "the chat goes back to the assistant",
      async () => {
        await agent.giveBack();
        await customer.find(".system-moved", "has left the chat");
      },
    ],
    [
      "a reload goes on where it was",
      async () => {
        await customer.page.reload();
        await customer.find(".group-agent .bubble", "Hello from the team.");
      },
    ],
    [
      "a phone's width is filled, and nothing sticks out",
      async () => {
        await customer.page.setViewport({ width: 360, height: 640 });
        // The page's scroll bar goes first.
        const fills = () => {
          const { x, width } = document
            .querySelector("tandem-chat")
            .shadowRoot.querySelector(".panel")
            .getBoundingClientRect();
          return x === 0 && width === 360;
        };
        await customer.page.waitForFunction(fills, { polling: 200 });
        const width = await customer.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 360, `the page is ${width} wide`);
      },
    ],
    ["no script failed", async () => assert.deepEqual([...customer.problems, ...agent.problems], [])],
  ];
}

assert.ok(PASSWORD, "DEMO_PASSWORD is needed: that of the running copy.");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox(), headless: true });
let failed = false;
try {
  const customer = new Customer(await (await browser.createBrowserContext()).newPage());
  const agent = new Agent(await (await browser.createBrowserContext()).newPage());
  console.log(await browser.version());
  for (const [name, step] of await steps(customer, agent)) {
    try {
      await step();
      console.log(`  ok      ${name}`);
    } catch (error) {
      failed = true;
      console.log(`  FAILED  ${name}: ${error.message}`);
      await customer.page.screenshot({ path: join(tmpdir(), "firefox-customer.png") });
      await agent.page.screenshot({ path: join(tmpdir(), "firefox-agent.png") });
      console.log(`          firefox-customer.png and firefox-agent.png are in ${tmpdir()}`);
      break;
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;

"""Whether what is drawn holds together: nothing sticks out, is cut off or overlaps."""

from playwright.sync_api import Page

# `page` is what must hold it all, `root` where its elements are looked for.
BROKEN = """(host) => {
  const root = host ? document.querySelector(host).shadowRoot : document;
  const page = document.documentElement;
  const found = [];
  if (page.scrollWidth > page.clientWidth) found.push("the page is too wide");
  if (!host && page.scrollHeight > page.clientHeight) found.push("the page scrolls");
  for (const one of root.querySelectorAll(host ? "*" : "body *")) {
    if (one.closest(".visually-hidden, .skip-link, svg, select")) continue;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    if (style.visibility === "hidden" || box.width < 2 || box.height < 2) continue;
    const name = `${one.tagName}.${one.className}`;
    if (box.right > page.clientWidth + 1 || box.left < -1)
      found.push(`${name} sticks out`);
    const cuts = ["hidden", "clip"].includes(style.overflowX);
    const dots = style.textOverflow === "ellipsis";
    if (cuts && !dots && one.scrollWidth > one.clientWidth + 1)
      found.push(`${name} is cut off`);
    const scrolls = ["auto", "scroll"].includes(style.overflowX);
    if (scrolls && one.scrollWidth > one.clientWidth + 1)
      found.push(`${name} scrolls sideways`);
    // Links stand out by their padding, which is nothing to see.
    const shows = style.overflowX === "visible" && one.clientWidth > 0;
    if (shows && one.scrollWidth > one.clientWidth + 8) found.push(`${name} spills`);
    if (host && text(one).some((line) => line.right > edge(one).right + 1
        || line.left < edge(one).left - 1)) found.push(`text of ${name} sticks out`);
    const next = one.nextElementSibling;
    if (next && inFlow(one) && inFlow(next) && overlap(box, next)) {
      found.push(`${name} lies over ${next.tagName}.${next.className}`);
    }
  }
  return found;

  // Where each line of an element's own text stands.
  function text(one) {
    const own = [...one.childNodes].filter(({ nodeType }) => nodeType === 3);
    return own.flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
  }
  // What cuts an element off: text against the direction of its box is not scrolled to.
  function edge(one) {
    const cutter = (at) => !at || getComputedStyle(at).overflowX === "visible"
      ? at && cutter(at.parentElement) : at;
    const found = cutter(one);
    const dots = found && getComputedStyle(found).textOverflow === "ellipsis";
    return found && !dots ? found.getBoundingClientRect() : { left: -1e9, right: 1e9 };
  }
  function inFlow(one) {
    const { position, display, visibility } = getComputedStyle(one);
    const flows = ["static", "relative"].includes(position);
    return flows && !display.startsWith("inline") && visibility !== "hidden";
  }
  function overlap(box, next) {
    const other = next.getBoundingClientRect();
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    return across > 4 && down > 4;
  }
}"""
# A page is drawn anew within some frames of a change of its width.
STILL_BROKEN = f"""async (host) => {{
  const look = {BROKEN};
  for (let frame = 0; frame < 120 && look(host).length; frame++)
    await new Promise(requestAnimationFrame);
  return look(host);
}}"""


def holds(page: Page, state: str, host: str = "") -> None:
    """What the page shows, or what is in the shadow root of `host`."""
    __tracebackhide__ = True
    found = page.evaluate(STILL_BROKEN, host)
    assert not found, f"{state}: {found[:8]}"

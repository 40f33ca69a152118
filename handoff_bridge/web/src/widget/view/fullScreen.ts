import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const PHONE = "(max-width: 479.98px)";

export const isPhone = (): boolean => matchMedia(PHONE).matches;

export function usePhone(): boolean {
  const [phone, setPhone] = useState(isPhone);
  useEffect(() => {
    const query = matchMedia(PHONE);
    const update = () => setPhone(query.matches);
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return phone;
}

/** On a phone the panel covers the page: focus then stays inside and the page behind does not scroll. */
export function useFullScreen(panel: RefObject<HTMLElement | null>): boolean {
  const covers = usePhone();
  useEffect(() => {
    const element = panel.current;
    if (!covers || !element) return;
    const page = document.documentElement.style;
    const before = page.overflow;
    page.overflow = "hidden";
    const keep = (event: KeyboardEvent) => keepInside(event, element);
    element.addEventListener("keydown", keep);
    return () => {
      page.overflow = before;
      element.removeEventListener("keydown", keep);
    };
  }, [covers, panel]);
  return covers;
}

function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  if (event.key !== "Tab") return;
  const stops = [
    ...panel.querySelectorAll<HTMLElement>("button, a[href], textarea, input, [tabindex='0']"),
  ].filter((stop) => !stop.hasAttribute("disabled") && stop.tabIndex >= 0 && stop.offsetParent !== null);
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (active !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus();
}

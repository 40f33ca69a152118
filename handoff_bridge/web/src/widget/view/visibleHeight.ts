import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/**
 * What a phone's keyboard leaves of the page: the panel keeps to it, and so does the field that is written in.
 * Zoomed in, the customer sees a part of the panel, which stays as it is.
 */
export function useVisibleHeight(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const visible = window.visualViewport;
    if (!visible) return;
    const adapt = () => {
      if (visible.scale > 1.01) return;
      panel.current?.style.setProperty("--visible-height", `${visible.height}px`);
      panel.current?.style.setProperty("--visible-top", `${visible.offsetTop}px`);
    };
    adapt();
    visible.addEventListener("resize", adapt);
    visible.addEventListener("scroll", adapt);
    return () => {
      visible.removeEventListener("resize", adapt);
      visible.removeEventListener("scroll", adapt);
    };
  }, [panel]);
}

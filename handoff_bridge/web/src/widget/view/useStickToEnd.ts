import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** As near to the end as counts as reading along. */
const NEAR_PX = 80;

/**
 * Follows new messages to the end, but does not pull away a customer who reads further up, unless they say
 * something themselves. `atEnd` is whether they read along.
 */
export function useStickToEnd(changes: unknown[], own: unknown) {
  const list = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    stuck.current = true;
    setAtEnd(true);
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  };
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      setAtEnd(stuck.current);
    };
    const follow = () => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    };
    element.addEventListener("scroll", measure);
    element.addEventListener("load", follow, true);
    const size = new ResizeObserver(follow);
    size.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      element.removeEventListener("load", follow, true);
      size.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (stuck.current) toEnd();
  }, changes);
  useLayoutEffect(toEnd, [own]);
  return { list, atEnd, toEnd };
}

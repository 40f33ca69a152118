import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../Button";
import { CloseIcon } from "../icons";

type Props = {
  title: string;
  kind?: "drawer" | "wide";
  onClose: () => void;
  footer?: ComponentChildren;
  children: ComponentChildren;
};

/**
 * A modal dialog. The browser's own element keeps focus inside, makes the rest inert, closes on
 * Escape and gives focus back to what had it.
 */
export function Dialog({ title, kind, onClose, footer, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the next key, which belongs to the dialog and not to the page behind it.
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only serves the backdrop; Escape is the key for it
    <dialog
      ref={element}
      class={`dialog ${kind ? `dialog-${kind}` : ""}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === element.current && onClose()}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <IconButton label="Close this dialog" onClick={onClose}>
            <CloseIcon />
          </IconButton>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
        <section class="dialog-body" tabIndex={0} aria-labelledby={titleId}>
          {children}
        </section>
        {footer && <footer class="dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  );
}

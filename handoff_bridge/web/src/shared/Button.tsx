import type { ButtonHTMLAttributes, ComponentChildren, Ref } from "preact";

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "size" | "icon"> & {
  kind?: "primary" | "quiet" | "danger";
  size?: "small";
  buttonRef?: Ref<HTMLButtonElement>;
  children: ComponentChildren;
};

export function Button({ kind, size, buttonRef, class: extra, children, ...rest }: Props) {
  const names = ["button", kind && `button-${kind}`, size && `button-${size}`, extra];
  return (
    <button type="button" {...rest} ref={buttonRef ?? null} class={names.filter(Boolean).join(" ")}>
      {children}
    </button>
  );
}

/** A button that shows only an icon; its name is for screen readers and the tooltip. */
export function IconButton({ label, class: extra, ...rest }: Props & { label: string }) {
  return (
    <Button kind="quiet" {...rest} class={`button-icon ${extra ?? ""}`} aria-label={label} title={label} />
  );
}

import type { ComponentChildren } from "preact";

type Props = {
  tone?: "amber" | "red";
  icon?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
};

/** A line across a panel about the state of things; announced politely. */
export function Banner({ tone, icon, actions, children }: Props) {
  return (
    <div class={`banner ${tone ? `banner-${tone}` : ""}`} role="status">
      {icon}
      <span>{children}</span>
      {actions && <span class="banner-actions">{actions}</span>}
    </div>
  );
}

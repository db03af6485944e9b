import type { ComponentChildren, ComponentProps } from "preact";
import { Action } from "./Action.tsx";

interface Props extends Omit<ComponentProps<typeof Action>, "icon" | "label" | "children"> {
  readonly kind?: "primary" | "danger" | "plain" | undefined;
  /** A button that shows no text; its label is for those who cannot see the picture. */
  readonly icon?: ComponentChildren;
  readonly label?: string;
  readonly children?: ComponentChildren;
}

/** A button: with a text, or with a picture and a label. */
export function Button({ kind, icon, label, children, class: more, ...rest }: Props) {
  const classes = ["button", kind && `button-${kind}`, icon && !children && "button-icon", more].filter(Boolean).join(" ");
  return (
    <Action class={classes} aria-label={label} title={label} {...rest}>
      {icon}
      {children}
    </Action>
  );
}

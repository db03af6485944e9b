import type { ButtonHTMLAttributes, TargetedMouseEvent } from "preact";
import type { Needs } from "../api/ownKey.ts";
import { lacking } from "../api/scopes.ts";
import { toast } from "./toasts.ts";

interface Props extends ButtonHTMLAttributes {
  /** The scopes without which the server would refuse it. */
  readonly needs?: Needs;
}

/** A button that can be reached, but does nothing and says why, where the page's key lacks a scope that it needs. */
export function Action({ needs, onClick, title, ...rest }: Props) {
  const reason = lacking(needs);
  if (reason === null) return <button type="button" title={title} onClick={onClick} {...rest} />;
  const refuse = (click: TargetedMouseEvent<HTMLButtonElement>) => {
    click.preventDefault();
    toast(reason, "bad");
  };
  return <button type="button" {...rest} title={reason} aria-disabled="true" onClick={refuse} />;
}

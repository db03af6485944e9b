import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

/** A modal dialog while it is rendered. The browser's own: it keeps the focus inside, gives it back, and closes on Escape. */
export function Dialog({ title, onClose, isWide, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => shown.close();
  }, []);
  const closeOnBackdrop = (click: MouseEvent) => {
    if (click.target === dialog.current) onClose();
  };
  return (
    <dialog ref={dialog} class={`dialog ${isWide ? "dialog-wide" : ""}`} aria-labelledby={heading} onClick={closeOnBackdrop}
      onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <div class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <Button kind="plain" icon={<Icon name="close" />} label="Close" onClick={onClose} />
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

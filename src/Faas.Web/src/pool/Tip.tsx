import { useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  readonly text: string;
  readonly cell: HTMLElement;
}

/** What a small cell has no room for, beside the cell that the pointer or the focus is on. A screen reader hears it from the cell. */
export function Tip({ text, cell }: Props) {
  const tip = useRef<HTMLDivElement>(null);
  // After each drawing: the cell moves when the details beside the grid open.
  useLayoutEffect(() => {
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const isRight = left > clientWidth / 2;
    const isLow = bottom > clientHeight - 80;
    Object.assign(tip.current!.style, {
      left: isRight ? "" : `${left}px`,
      right: isRight ? `${clientWidth - right}px` : "",
      top: isLow ? "" : `${bottom + 6}px`,
      bottom: isLow ? `${clientHeight - top + 6}px` : "",
    });
  });
  return (
    <div ref={tip} class="cell-tip" aria-hidden="true">
      {text}
    </div>
  );
}

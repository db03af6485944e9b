import type { ComponentChildren, Ref } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { shownRows } from "./shownRows.ts";

interface Props {
  readonly label: string;
  readonly count: number;
  /** The height of each row in pixels. */
  readonly rowHeight: number;
  readonly row: (index: number) => ComponentChildren;
  /** Stays at the end while rows are added, until the user scrolls away from it. */
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly class?: string;
  readonly role?: "log" | "region";
}

/** A list of rows of one height, of which only those exist that are seen: a hundred thousand rows cost as much as fifty. */
export function VirtualList({ label, count, rowHeight, row, isFollowing, onFollow, class: more = "", role = "region" }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  const height = count * rowHeight;

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setSeen({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (isFollowing) box.current!.scrollTop = height;
  }, [isFollowing, height, seen.height]);

  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current!;
    setSeen({ top: scrollTop, height: clientHeight });
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - rowHeight;
    if (isAtEnd !== isFollowing) onFollow(isAtEnd);
  };

  const top = isFollowing ? Math.max(0, height - seen.height) : seen.top;
  const { first, last } = shownRows(top, seen.height, rowHeight, count);
  return (
    <div ref={box as Ref<HTMLDivElement>} class={`virtual ${more}`} role={role} aria-label={label} aria-live="off" tabIndex={0}
      onScroll={onScroll}>
      <div class="virtual-all" style={{ height: `${height}px` }}>
        <div class="virtual-shown" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {Array.from({ length: last - first }, (_, at) => row(first + at))}
        </div>
      </div>
    </div>
  );
}

/** Collects things that come one by one, and hands them on together after a short while: a burst of messages costs one redraw. */
export function batcher<T>(hand: (all: readonly T[]) => void, milliseconds: number): { add: (one: T) => void; stop: () => void } {
  let all: T[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    const collected = all;
    all = [];
    hand(collected);
  };
  return {
    add(one) {
      all.push(one);
      timer ??= setTimeout(flush, milliseconds);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      all = [];
    },
  };
}

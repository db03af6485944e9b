/** How well a text matches what was typed; 0: not at all. Every word must occur; an occurrence at the begin of a word counts more. */
export function matchOf(text: string, typed: string): number {
  const within = text.toLowerCase();
  let score = 1;
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = within.indexOf(word);
    if (at < 0) return 0;
    const begins = new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u");
    score += begins.test(within) ? 2 : 1;
    if (at === 0) score += 1;
  }

  return score;
}

/** What matches, the best first; equals keep their order. */
export function matching<T>(all: readonly T[], typed: string, textOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, score: matchOf(textOf(one), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one);
}

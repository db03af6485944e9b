/** A line that a script printed. */
export interface Line {
  readonly text: string;
  readonly isError: boolean;
}

/** As many lines as browsers can give a height to. */
export const mostLines = 500_000;

/** Grows by this before it is cut, so that a line that is too much does not move all others. */
const spare = 50_000;

/**
 * The lines that a run has printed. It is filled many times for each time that it is drawn, so it is a plain array that grows, and no
 * copy is made of it. Of more than `most` lines the oldest go.
 */
export class Lines {
  private kept: Line[] = [];
  private readonly most: number;
  /** How many lines have gone. */
  dropped = 0;
  /** The server has sent only the end of the output. */
  isEnd = false;
  /** How many of the kept lines went to stderr. */
  errors = 0;

  constructor(most = mostLines) {
    this.most = most;
  }

  get count(): number {
    return this.kept.length;
  }

  at(index: number): Line | undefined {
    return this.kept[index];
  }

  add(line: Line): void {
    this.kept.push(line);
    if (line.isError) this.errors++;
    if (this.kept.length > this.most + spare) {
      const gone = this.kept.splice(0, this.kept.length - this.most);
      this.dropped += gone.length;
      this.errors -= gone.filter((one) => one.isError).length;
    }
  }

  /** The lines of one stream. */
  of(isError: boolean): Line[] {
    return this.kept.filter((line) => line.isError === isError);
  }

  /** All lines as one text. */
  text(): string {
    return this.kept.map((line) => line.text).join("\n");
  }
}

/** Characters of a text that are drawn. */
const mostDrawn = 2000;

/** A text as it is drawn: not endless. */
export const shortened = (text: string, most = mostDrawn): string =>
  text.length > most ? `${beginOf(text, most)}… (${text.length} characters)` : text;

/** The first characters of a text. None is cut into halves: many are two units long. */
export const beginOf = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, /[\ud800-\udbff]/.test(text[most - 1]!) ? most - 1 : most);

/** A line as it is drawn: without the codes for colours, and not endless. */
export const shownText = (text: string): string =>
  shortened(text.includes("\u001b") ? text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "") : text);

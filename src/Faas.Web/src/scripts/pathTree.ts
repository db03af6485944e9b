// The list of scripts as a tree of their paths. Theory of operation: the server sends the list in pages, sorted by path, and thousands of
// scripts may come. The tree is built as they come; only the rows of open folders are made, and of those only the ones in sight are drawn.

/** One script as GET /api/v1/scripts lists it. */
export interface ScriptLine {
  path: string;
  language: "javascript" | "typescript" | "python";
  version: number;
  uploaded: string;
  versions: number;
}

/** A folder of paths. A path can be a script and a folder at once: `math` beside `math/add`. */
export interface Folder {
  readonly folders: Map<string, Folder>;
  readonly scripts: Map<string, ScriptLine>;
  /** How many scripts are in it and below. */
  total: number;
}

/** One line of the tree. */
export interface Row {
  /** What it stands for: `math/` a folder, `math` a script. */
  readonly id: string;
  readonly name: string;
  /** 1: at the top. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly open?: boolean;
  readonly total?: number;
  readonly script?: ScriptLine;
}

export function tree(scripts: Iterable<ScriptLine>): Folder {
  const top = folder();
  for (const script of scripts) {
    const segments = script.path.split("/");
    let at = top;
    at.total++;
    for (const segment of segments.slice(0, -1)) {
      let next = at.folders.get(segment);
      if (!next) {
        next = folder();
        at.folders.set(segment, next);
      }

      at = next;
      at.total++;
    }

    at.scripts.set(segments.at(-1)!, script);
  }

  return top;
}

/** The rows of a tree with these folders open (`math/`), folders before scripts, both by name. */
export function rows(top: Folder, isOpen: (id: string) => boolean): Row[] {
  const all: Row[] = [];
  const list = (at: Folder, prefix: string, level: number) => {
    const siblings = at.folders.size + at.scripts.size;
    let position = 0;
    for (const [name, below] of sorted(at.folders)) {
      const id = `${prefix}${name}/`;
      const open = isOpen(id);
      all.push({ id, name, level, position: ++position, siblings, open, total: below.total });
      if (open) {
        list(below, id, level + 1);
      }
    }

    for (const [name, script] of sorted(at.scripts)) {
      all.push({ id: script.path, name, level, position: ++position, siblings, script });
    }
  };
  list(top, "", 1);
  return all;
}

/** The scripts whose path has the text, in whichever case. Words that spaces separate must all be there. */
export function matching(scripts: readonly ScriptLine[], text: string): readonly ScriptLine[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0
    ? scripts
    : scripts.filter((script) => {
        const path = script.path.toLowerCase();
        return words.every((word) => path.includes(word));
      });
}

/** The folders above a script, the outermost first: `a/`, `a/b/` of `a/b/c`. */
export function foldersAbove(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => `${segments.slice(0, index + 1).join("/")}/`);
}

/** The row of the folder that a row is in; -1: it is at the top. */
export function parentOf(all: readonly Row[], index: number): number {
  const level = all[index]?.level ?? 1;
  for (let at = index - 1; at >= 0; at--) {
    if (all[at]!.level < level) {
      return at;
    }
  }

  return -1;
}

function folder(): Folder {
  return { folders: new Map(), scripts: new Map(), total: 0 };
}

function sorted<T>(of: Map<string, T>): [string, T][] {
  return [...of].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

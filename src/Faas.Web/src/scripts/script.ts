// What the API says of a script (docs/management.md).

import type { ScriptLine } from "./pathTree.ts";

export interface Version {
  version: number;
  language: ScriptLine["language"];
  hash: string;
  bytes: number;
  uploaded: string;
  settings: Record<string, unknown>;
}

export interface Share {
  version: number;
  weight: number;
}

/** What an alias names: one version, or two with a weight each. */
export interface Target {
  version?: number;
  split?: Share[];
  sticky?: string;
}

export interface Alias extends Target {
  name: string;
  previous?: Target;
}

export interface Keep {
  newest?: number;
  days?: number;
}

export interface Script {
  path: string;
  latest: Version;
  versions: number;
  created: string;
  enabled: boolean;
  aliases: Alias[];
  keep?: Keep;
}

export interface VersionPage {
  path: string;
  versions: Version[];
  next?: string;
}

/** A secret as GET /api/v1/secrets lists it: never with its value. */
export interface Secret {
  name: string;
  paths: string[];
  updatedAt: string;
}

/** What an alias names, in words: `1739000000`, `90 % 1739000000, 10 % 1739000600, by X-User`. */
export function targetText(target: Target): string {
  return target.split === undefined
    ? `${target.version ?? "nothing"}`
    : target.split.map((share) => `${share.weight} % ${share.version}`).join(", ") + (target.sticky ? `, by ${target.sticky}` : "");
}

/** The names of the aliases that lead to a version. */
export function aliasesOf(version: number, aliases: readonly Alias[]): string[] {
  return aliases
    .filter((alias) => alias.version === version || alias.split?.some((share) => share.version === version))
    .map((alias) => alias.name);
}

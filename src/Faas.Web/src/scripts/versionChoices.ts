import { moment } from "../charts/units.ts";
import { matching } from "../shell/matching.ts";
import { aliasesOf, type Script, type Version } from "./script.ts";

/** A version that a person may choose. */
export interface VersionChoice {
  readonly version: number;
  readonly uploaded: string;
  /** What it is called by: `latest`, and aliases. */
  readonly names: readonly string[];
}

/** Choices that are drawn; the others are found by typing. */
export const mostChoices = 100;

/** The versions that match what was typed, newest first. The number of a version, as nothing, matches all: it is the present choice. */
export function choicesOf(script: Script, versions: readonly Version[], typed: string): readonly VersionChoice[] {
  const choices = versions.map(({ version, uploaded }) => ({
    version,
    uploaded: moment(new Date(uploaded)),
    names: [...(version === script.latest.version ? ["latest"] : []), ...aliasesOf(version, script.aliases)],
  }));
  const isChosen = choices.some(({ version }) => `${version}` === typed);
  const found = isChosen ? choices : matching(choices, typed, ({ version, uploaded, names }) => [version, uploaded, ...names].join(" "));
  return [...found].sort((a, b) => b.version - a.version);
}

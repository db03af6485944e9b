// An alias as a person edits it, and the body of PUT …/aliases/{name} that it becomes. What the server would refuse is said before it
// is sent.

import type { Alias, Target } from "./script.ts";

export interface AliasDraft {
  readonly name: string;
  readonly version: string;
  /** Whether a part of the calls goes to another version. */
  readonly splits: boolean;
  readonly other: string;
  /** How many of 100 calls run the other version. */
  readonly weight: string;
  readonly sticky: string;
}

const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;

/** The draft of an alias as it is; of a new one, with the latest version. */
export function draftOf(alias: Alias | undefined, latest: number): AliasDraft {
  const [first, second] = alias?.split ?? [];
  return {
    name: alias?.name ?? "",
    version: `${first?.version ?? alias?.version ?? latest}`,
    splits: second !== undefined,
    other: `${second?.version ?? (alias?.version === latest ? "" : latest)}`,
    weight: `${second?.weight ?? 10}`,
    sticky: alias?.sticky ?? "",
  };
}

/** What is wrong with each field. */
export type DraftErrors = Partial<Record<keyof AliasDraft, string>>;

export function errorsOf(draft: AliasDraft): DraftErrors {
  const errors: DraftErrors = {};
  if (!/^[A-Za-z0-9\-._]{1,64}$/.test(draft.name) || /^\d+$/.test(draft.name) || draft.name === "latest") {
    errors.name = 'Take 1 to 64 letters, digits or -._ , not digits alone, and not "latest".';
  }

  if (!isVersion(draft.version)) {
    errors.version = "Choose a version, or type its number.";
  }

  if (draft.splits) {
    if (!isVersion(draft.other)) {
      errors.other = "Choose the other version, or type its number.";
    } else if (draft.other === draft.version) {
      errors.other = "Name two different versions.";
    }

    if (!/^\d{1,3}$/.test(draft.weight) || Number(draft.weight) > 100) {
      errors.weight = "Take a whole number from 0 to 100.";
    }

    if (draft.sticky !== "" && !HEADER.test(draft.sticky)) {
      errors.sticky = "Name one request header, such as X-User.";
    }
  }

  return errors;
}

/** The body of a draft without errors. */
export function bodyOf(draft: AliasDraft): Target {
  const weight = Number(draft.weight);
  return draft.splits
    ? {
        split: [
          { version: Number(draft.version), weight: 100 - weight },
          { version: Number(draft.other), weight },
        ],
        ...(draft.sticky !== "" && { sticky: draft.sticky }),
      }
    : { version: Number(draft.version) };
}

function isVersion(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}

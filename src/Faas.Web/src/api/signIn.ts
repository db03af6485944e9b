import { signal } from "@preact/signals";
import { keepKey, key } from "./key.ts";

/** Asks the user for a key. Calls that were refused for want of one wait for the answer, all for the same one. */
interface Question {
  /** Why the user is asked. */
  readonly why: string;
  readonly answer: (secret: string | null) => void;
  readonly answered: Promise<boolean>;
}

/** What the sign-in dialog shows; null: it is closed. */
export const question = signal<Question | null>(null);

/** Asks for a key, unless the user is being asked already. True: there is a new key. */
export function askForKey(why: string): Promise<boolean> {
  const asked = question.peek();
  if (asked) return asked.answered;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const answer = (secret: string | null) => {
    question.value = null;
    if (secret !== null) keepKey(secret);
    resolve(secret !== null);
  };
  question.value = { why, answer, answered: promise };
  return promise;
}

/** Asks for a key after a call was refused. If the key has changed since the call was sent, no question is needed. */
export function renewKey(sentWith: string, detail: string): Promise<boolean> {
  if (key.peek() !== sentWith) return Promise.resolve(true);
  return askForKey(sentWith ? detail : "This server serves owners of a key only.");
}

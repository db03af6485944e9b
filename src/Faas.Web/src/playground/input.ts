/** What is wrong with an input, as a sentence; null: it is JSON, or empty. */
export function inputError(text: string): string | null {
  if (text.trim() === "") return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `The input is not valid JSON: ${(error as Error).message}`;
  }
}

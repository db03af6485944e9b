/** A language that the server runs. */
export type Language = "javascript" | "typescript" | "python";

export const languages: readonly { readonly value: Language; readonly title: string; readonly extension: string }[] = [
  { value: "javascript", title: "JavaScript", extension: "js" },
  { value: "typescript", title: "TypeScript", extension: "ts" },
  { value: "python", title: "Python", extension: "py" },
];

export const isLanguage = (value: unknown): value is Language => languages.some((language) => language.value === value);

import { effect, signal } from "@preact/signals";

/** What the user has chosen; `system` follows the browser. */
export type Theme = "system" | "light" | "dark";

const name = "faas.theme";
const known: readonly Theme[] = ["system", "light", "dark"];
const isDarkThere = matchMedia("(prefers-color-scheme: dark)");
const stored = localStorage.getItem(name) as Theme | null;

export const theme = signal<Theme>(stored && known.includes(stored) ? stored : "system");

/** Whether the page is dark now. */
export const isDark = signal(false);

const decide = () => (isDark.value = theme.value === "dark" || (theme.value === "system" && isDarkThere.matches));

/** Chooses the next theme: system, light, dark. */
export const nextTheme = (): Theme => (theme.value = known[(known.indexOf(theme.value) + 1) % known.length]!);

/** Keeps the page in the chosen theme. */
export function applyTheme(): void {
  isDarkThere.addEventListener("change", decide);
  effect(() => {
    localStorage.setItem(name, theme.value);
    decide();
  });
  effect(() => void document.documentElement.toggleAttribute("data-dark", isDark.value));
}

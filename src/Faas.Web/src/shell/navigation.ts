import { signal } from "@preact/signals";
import { isOwn, placeOf, type Place } from "./routes.ts";

/** Where the user is. */
export const place = signal<Place>(placeOf(location.pathname));

/** Goes to an address of the page, such as `/scripts/math%2Fadd?version=3`. */
export function go(address: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  place.value = placeOf(location.pathname);
}

/** Follows links to the page's own places without a load, and the browser's back and forth. */
export function followLinks(views: readonly string[]): void {
  addEventListener("popstate", () => (place.value = placeOf(location.pathname)));
  document.addEventListener("click", (click) => {
    const link = (click.target as Element | null)?.closest?.("a");
    if (!link || !isOwn(link, click, views)) return;
    click.preventDefault();
    if (link.href !== location.href) go(link.pathname + link.search + link.hash);
  });
}

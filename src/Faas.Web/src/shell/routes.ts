/** The place in the page that an address names: the first segment names the view, the rest is the view's own. */
export interface Place {
  readonly view: string;
  readonly rest: string;
}

/** Reads an address's path: `/scripts/math%2Fadd/` is the view `scripts` with the rest `math%2Fadd`; `/` is the view ``. */
export function placeOf(pathname: string): Place {
  const [view = "", ...rest] = pathname.replace(/^\/+|\/+$/g, "").split("/");
  return { view, rest: rest.join("/") };
}

/** The address of a place. */
export const addressOf = (place: Place): string => `/${[place.view, place.rest].filter(Boolean).join("/")}`;

/** Whether a click on a link is one that the page follows itself: a plain click on a link to a place of the page. */
export function isOwn(link: HTMLAnchorElement, click: MouseEvent, views: readonly string[]): boolean {
  return (
    click.button === 0 && !(click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) && !click.defaultPrevented
    && link.origin === location.origin && !link.target && !link.hasAttribute("download") && views.includes(placeOf(link.pathname).view)
  );
}

// The addresses of the view: /scripts, /scripts/math/add, /scripts/math/add?version=7&compare=5. What a person sees can be linked to.

export interface ScriptsRoute {
  /** The script whose page is shown. */
  readonly path?: string;
  /** The version whose code is shown; without it the latest. */
  readonly version?: number;
  /** The version that it is compared with. */
  readonly compare?: number;
}

const HERE = "/scripts";

export function parse(pathname: string, search: string): ScriptsRoute {
  const query = new URLSearchParams(search);
  const path = decoded(pathname.slice(HERE.length).replace(/^\//, ""));
  const [version, compare] = [numberOf(query.get("version")), numberOf(query.get("compare"))];
  return {
    ...(path !== "" && { path }),
    ...(version !== undefined && { version }),
    ...(compare !== undefined && { compare }),
  };
}

export function format(route: ScriptsRoute): string {
  const query = new URLSearchParams();
  if (route.version !== undefined) {
    query.set("version", `${route.version}`);
  }

  if (route.compare !== undefined) {
    query.set("compare", `${route.compare}`);
  }

  const path = route.path === undefined ? "" : `/${route.path.split("/").map(encodeURIComponent).join("/")}`;
  return `${HERE}${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** The route of the API for a script, whose slashes are written as %2F there. */
export function api(path: string, rest = ""): string {
  return `/api/v1/scripts/${encodeURIComponent(path)}${rest}`;
}

function decoded(path: string): string {
  try {
    return path.split("/").map(decodeURIComponent).join("/");
  } catch {
    return path; // a person has typed a lone %
  }
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

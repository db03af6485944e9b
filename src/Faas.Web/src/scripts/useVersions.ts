import { getJson } from "../api/client.ts";
import { useRead, type Read } from "../api/useRead.ts";
import { api } from "./routes.ts";
import type { Version, VersionPage } from "./script.ts";

/** Pages of a thousand versions that are read. Of a script with more, an older version is named by its number. */
const mostPages = 10;

/** Every version of a script, newest first. */
export const useVersions = (path: string): Read<readonly Version[]> => useRead((signal) => readVersions(path, signal), [path]);

async function readVersions(path: string, signal: AbortSignal): Promise<readonly Version[]> {
  const versions: Version[] = [];
  let next: string | undefined;
  for (let page = 0; page === 0 || (next !== undefined && page < mostPages); page++) {
    const query = new URLSearchParams({ limit: "1000", ...(next && { after: next }) });
    const read = await getJson<VersionPage>(api(path, `/versions?${query}`), { signal });
    versions.push(...read.versions);
    next = read.next;
  }

  return versions;
}

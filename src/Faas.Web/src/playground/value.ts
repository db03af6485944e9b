import type { Json } from "./json.ts";
import type { Value } from "./wire.ts";

/** A record as a row of a table: its members by name. */
export type Row = ReadonlyMap<string, Json>;

/** How a value can be shown beside its tree and its JSON. */
export type Shape =
  | { readonly kind: "image"; readonly url: string; readonly mediaType: string }
  | { readonly kind: "file"; readonly url: string; readonly mediaType: string; readonly bytes: number }
  | { readonly kind: "records"; readonly records: readonly Row[]; readonly columns: readonly string[] }
  | { readonly kind: "plain" };

const mostColumns = 60;
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(;[\w.=-]+)*;base64,([A-Za-z0-9+/]+={0,2})$/;
const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const mediaTypeForm = /^[\w.+-]+\/[\w.+-]+$/;

/** What a value is, beside a JSON value. */
export function shapeOf({ json, type }: Value): Shape {
  return fileOf(json, type) ?? recordsOf(json) ?? { kind: "plain" };
}

function fileOf(json: Json, type: string): Shape | null {
  if (json.kind === "string") {
    const [, mediaType, , content] = dataUrl.exec(json.string) ?? [];
    return mediaType && content ? shown(mediaType, content) : null;
  }

  // Bytes as the server sends them, and the like that scripts make: {base64, mediaType}, {data, contentType}.
  const textOf = (...names: string[]) => names.map((name) => json.find(name)).find((value) => value?.kind === "string")?.string;
  const content = textOf("base64", "data") ?? (json.find("isBase64Encoded")?.text === "true" ? textOf("body") : undefined);
  const mediaType = textOf("mediaType", "contentType", "mimeType") ?? headerOf(json.find("headers"));
  if (content === undefined || mediaType === undefined || !mediaTypeForm.test(mediaType) || !base64.test(content)) return null;
  return type === "bytes" || mediaType.startsWith("image/") ? shown(mediaType, content.replace(/\s/g, "")) : null;
}

function headerOf(headers: Json | undefined): string | undefined {
  const value = headers?.members.find((member) => member.name.toLowerCase() === "content-type")?.value;
  return value?.kind === "string" ? value.string : undefined;
}

function shown(mediaType: string, content: string): Shape {
  const url = `data:${mediaType};base64,${content}`;
  const bytes = Math.floor((content.replace(/=+$/, "").length * 3) / 4);
  return mediaType.startsWith("image/") ? { kind: "image", url, mediaType } : { kind: "file", url, mediaType, bytes };
}

function recordsOf(json: Json): Shape | null {
  if (json.kind !== "array" || json.items.length === 0 || !json.items.every((item) => item.kind === "object")) return null;
  const records = json.items.map(recordOf);
  const columns = [...new Set(records.flatMap((record) => [...record.keys()]))];
  return columns.length > 0 && columns.length <= mostColumns ? { kind: "records", records, columns } : null;
}

const recordOf = (json: Json): Row => new Map(json.members.map(({ name, value }) => [name, value]));

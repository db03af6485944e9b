// Returned values that are bytes: a Buffer, a Uint8Array, an ArrayBuffer, a Blob, a Response.
//
// Theory of operation: most values are none of these, and must not pay. A Uint8Array is told by a check of its own. The others
// become an empty object in JSON, and only then are looked at. The classes Blob and Response load much of node when they are
// first named, so a value's own class is asked for its name first.
import {
  Bytes, base64Of, getProperty, isAnyArrayBuffer, jsonParse, matches, utf8Text,
} from '../kernel/primordials.mjs';

const OCTETS = 'application/octet-stream';
const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i;
const OK = 200;

/** A Uint8Array as `{base64, mediaType}`. */
export const bytesOf = (bytes, mediaType = OCTETS) => ({ base64: base64Of(bytes), mediaType, json: undefined, status: undefined });

/**
 * A promise of what an ArrayBuffer, a Blob or a Response holds: `{base64, mediaType, status}`, or `{json}` if its media type is
 * JSON's. `status` is undefined unless it is that of a Response, and not 200. Null for any other value.
 */
export function bodyOf(value) {
  if (isAnyArrayBuffer(value)) return arrayBuffer(value);
  const name = classOf(value);
  if (name === 'Blob' || name === 'File') return blob(value);
  return name === 'Response' ? response(value) : null;
}

function classOf(value) {
  const constructor = getProperty(value, 'constructor');
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name !== '' && constructor === globalThis[name] && value instanceof constructor ? name : '';
}

const arrayBuffer = async (buffer) => bytesOf(new Bytes(buffer));
const blob = async (value) => described(new Bytes(await value.arrayBuffer()), value.type);

async function response(value) {
  const bytes = described(new Bytes(await value.arrayBuffer()), value.headers.get('content-type'));
  if (value.status !== OK) bytes.status = value.status;
  return bytes;
}

function described(bytes, mediaType) {
  const type = mediaType || OCTETS;
  if (!matches(JSON_TYPE, type)) return bytesOf(bytes, type);
  const json = utf8Text(bytes);
  jsonParse(json);
  return { base64: undefined, mediaType: undefined, json, status: undefined };
}

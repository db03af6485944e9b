// Stacks as the script's author knows them: positions of the uploaded code, and no frame of the runtime.
import { apply, define, indexOf, slice } from '../kernel/primordials.mjs';

const FRAME = '\n    at ';
const runtimeFolder = new URL('..', import.meta.url).href;
const nodeInternals = 'node:';

/**
 * `stack` without the frames of node and of the runtime. `head` is what stands before the frames
 * (`name: message`), which may itself look like frames.
 */
export function ownFrames(stack, head) {
  const headEnd = indexOf(stack, head) === 0 ? head.length : 0;
  let kept = slice(stack, 0, headEnd);
  let at = headEnd;
  while (at < stack.length) {
    const next = indexOf(stack, '\n', at + 1);
    const line = slice(stack, at, next < 0 ? stack.length : next);
    if (!isForeign(line)) kept += line;
    at += line.length;
  }
  return kept;
}

function isForeign(line) {
  if (indexOf(line, FRAME) !== 0) return false;
  const bracket = indexOf(line, '(');
  const place = slice(line, bracket < 0 ? FRAME.length : bracket + 1);
  const bare = indexOf(place, 'async ') === 0 ? slice(place, 6) : place;
  return indexOf(bare, nodeInternals) === 0 || indexOf(bare, runtimeFolder) === 0;
}

/** Makes `error.stack` show the uploaded code's positions in frames of `filename`. */
export function mapStacks(filename, positions) {
  define(Error, 'prepareStackTrace', function prepareStackTrace(error, frames) {
    let stack = headOfError(error);
    for (let at = 0; at < frames.length; at++) stack += FRAME + describe(frames[at], filename, positions);
    return stack;
  });
}

const errorToString = Error.prototype.toString;

function headOfError(error) {
  try {
    return apply(errorToString, error, []);
  } catch {
    return 'Error';
  }
}

function describe(frame, filename, positions) {
  const text = `${frame}`;
  if (frame.getFileName() !== filename) return text;
  const line = frame.getLineNumber(), column = frame.getColumnNumber();
  const place = `${filename}:${line}:${column}`;
  const at = indexOf(text, place);
  if (at < 0) return text;
  const original = positions.original(line, column);
  return `${slice(text, 0, at)}${filename}:${original.line}:${original.column}${slice(text, at + place.length)}`;
}

// Packs files into a tar (POSIX.1-2017, pax, "ustar Interchange Format").
//
// Theory of operation: the archive depends on nothing but the files: their order, one owner, one time, two modes. A name that does not fit
// into a header, or is not ASCII, comes before it in an extended header of its own, as the attribute `path`.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = 512;
const LONGEST = 100; // bytes of a name in a header
const PIECE = 1 << 20;
const [FILE, EXTENDED] = ['0', 'x'];
const IS_ASCII = /^[\x20-\x7e]*$/;

/** The blocks of the archive. `files` are of tree.mjs, in `folder`. */
export function* archive(folder, files) {
  for (const { name, size, isProgram } of files) {
    const fits = IS_ASCII.test(name) && name.length <= LONGEST;
    if (!fits) {
      const attribute = attributeOf('path', name);
      yield header('extended', attribute.length, EXTENDED, 0o644);
      yield padded(attribute);
    }
    yield header(fits ? name : 'file', size, FILE, isProgram ? 0o755 : 0o644);
    yield* contentOf(join(folder, name), size);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function* contentOf(path, size) {
  const file = openSync(path);
  try {
    for (let left = size; left > 0;) {
      const piece = Buffer.alloc(Math.min(left, PIECE));
      const read = readSync(file, piece);
      if (read === 0) throw new Error(`${path} became shorter while it was packed`);
      yield piece.subarray(0, read);
      left -= read;
    }
  } finally {
    closeSync(file);
  }
  yield Buffer.alloc(paddingOf(size));
}

function header(name, size, type, mode) {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'ascii');
  for (const [at, length, number] of [[100, 8, mode], [108, 8, 0], [116, 8, 0], [124, 12, size], [136, 12, 0]]) {
    block.write(number.toString(8).padStart(length - 1, '0'), at, 'ascii');
  }
  block.write('        ', 148, 'ascii'); // the checksum counts as blanks
  block.write(type, 156, 'ascii');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A line of an extended header: its own length in bytes, the name, the value. */
function attributeOf(name, value) {
  const rest = ` ${name}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (`${length}`.length + Buffer.byteLength(rest) !== length) length = `${length}`.length + Buffer.byteLength(rest);
  return Buffer.from(`${length}${rest}`);
}

const paddingOf = (size) => (BLOCK - (size % BLOCK)) % BLOCK;
const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(paddingOf(bytes.length))]);

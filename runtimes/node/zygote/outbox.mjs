// Sends what a run has left in /tmp/out: the files that it gives back.
//
// Theory of operation: every process of the run is dead, so nothing changes while the zygote looks, and a path is safe. It first looks
// at all entries, and refuses them together when one is no plain file or when they are too much. So the server gets all files or
// none, and no file is held in memory. What a run may leave has no bounds; the folder is read only as far as the limit on files goes,
// and a file no further than its size. Until its processes are dead, a run may do anything to /tmp, so what the system refuses is a
// refusal of the files, and nothing that ends the zygote.
import { chmodSync, closeSync, constants, lstatSync, openSync, opendirSync, readSync } from 'node:fs';
import { AT_SYMLINK_NOFOLLOW, pathOf as systemPathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { CHUNK_SIZE, HEADER_SIZE, OUT, OUT_BYTES, OUT_FILE, OUT_REFUSED } from './frames.mjs';

const FOLDER = '/tmp/out';
const OWNER_READS = 0o400;
const OWNER_ENTERS = 0o500;
const ENTRIES_AT_ONCE = 64;
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const HERE = -100; // AT_FDCWD
const STATUS_SIZE = 256; // struct statx

const pathOf = (name) => Buffer.concat([Buffer.from(`${FOLDER}/`), name]);

export class Outbox {
  #libc;
  #writer;
  #limits;
  #folder = systemPathOf(FOLDER);
  #folderAddress = getRawPointer(this.#folder);
  #status = Buffer.alloc(STATUS_SIZE);
  #statusAddress = getRawPointer(this.#status);
  #isThere; // whether the folder was there when the result was complete

  /** `limits`: `{files, bytes}`. */
  constructor(libc, writer, limits) {
    this.#libc = libc;
    this.#writer = writer;
    this.#limits = limits;
  }

  /**
   * Before the last of the result is sent: tells the server that files may follow. Without the folder this costs one system call, by
   * FFI: the run waits for it, and node's lstatSync takes some 0.2 ms in a zygote.
   */
  announce() {
    this.#isThere = this.#look();
    if (this.#isThere) this.#writer.sendEmpty(OUT);
  }

  /**
   * When the run's processes are dead: sends the files of one that `isGood`, or why there are none. What a run leaves after its result
   * comes too late.
   */
  end(isGood) {
    const isThere = this.#isThere;
    this.#isThere = undefined;
    if (isGood && (isThere ?? this.#look())) this.#send();
  }

  #look() {
    return this.#libc.statx(HERE, this.#folderAddress, AT_SYMLINK_NOFOLLOW, 0, this.#statusAddress) === 0;
  }

  #send() {
    const files = [];
    try {
      const folder = lstatSync(FOLDER);
      const refusal = folder.isDirectory()
        ? this.#list(folder, files)
        : { over: false, detail: `${FOLDER} is ${kindOf(folder)}, and no folder.` };
      if (refusal !== null) this.#writer.sendJson(OUT_REFUSED, refusal);
      else for (const file of files) this.#sendFile(file);
    } catch (error) {
      if (error.syscall === undefined) throw error;
      if (!this.#look()) return; // a process of the run has removed the folder before it died
      this.#writer.sendJson(OUT_REFUSED, { over: false, detail: `${FOLDER} cannot be read (${error.code}).` });
    }
  }

  /** Adds the files to `files`. Returns why they cannot be sent: `{over, detail}`; `over` says that they are too much; else null. */
  #list({ mode }, files) {
    if ((mode & OWNER_ENTERS) !== OWNER_ENTERS) chmodSync(FOLDER, 0o700);
    const entries = opendirSync(FOLDER, { encoding: 'buffer', bufferSize: ENTRIES_AT_ONCE });
    try {
      let total = 0;
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        const { name } = entry;
        const shown = `${FOLDER}/${name}`;
        if (!Buffer.from(name.toString()).equals(name)) return { over: false, detail: `The name of ${shown} is not valid UTF-8.` };
        const found = lstatSync(pathOf(name));
        if (!found.isFile()) return { over: false, detail: `${shown} is ${kindOf(found)}; only plain files are given back.` };
        if (files.length === this.#limits.files) {
          return { over: true, detail: `${FOLDER} has more than ${this.#limits.files} files (faas.sandbox.out-files).` };
        }

        total += found.size;
        if (total > this.#limits.bytes) {
          return { over: true, detail: `With ${shown}, ${FOLDER} has more than ${this.#limits.bytes} bytes (faas.sandbox.out-limit).` };
        }
        files.push({ name, size: found.size, mode: found.mode });
      }
      return null;
    } finally {
      entries.closeSync();
    }
  }

  #sendFile({ name, size, mode }) {
    const path = pathOf(name);
    if ((mode & OWNER_READS) === 0) chmodSync(path, 0o600);
    const file = openSync(path, READ);
    try {
      name.copy(this.#writer.chunk, HEADER_SIZE);
      this.#writer.sendChunk(OUT_FILE, name.length);
      for (let left = size; left > 0;) {
        const count = readSync(file, this.#writer.chunk, HEADER_SIZE, Math.min(left, CHUNK_SIZE));
        if (count === 0) throw new Error(`a file of ${FOLDER} has become shorter`);
        this.#writer.sendChunk(OUT_BYTES, count);
        left -= count;
      }
    } finally {
      closeSync(file);
    }
  }
}

function kindOf(found) {
  if (found.isDirectory()) return 'a folder';
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return found.isFile() ? 'a file' : 'a device';
}

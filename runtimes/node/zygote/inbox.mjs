// Lays the files that a call brings into /tmp/in, before its run.
//
// Theory of operation: no process of a script is alive between two runs, so the zygote writes where nothing interferes. It writes
// each piece as it comes, and holds no file in memory. After the run, restoring /tmp removes the folders (scratch.mjs). The script
// also finds /tmp/out, for the files that it gives back.
import { chmodSync, closeSync, constants, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { BrokenPeer } from './frames.mjs';

const IN = '/tmp/in';
const OUT = '/tmp/out';
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const SLASH = 0x2f;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export class Inbox {
  #fd = -1;
  #hasFiles = false;

  /** Whether there are files for the next run. */
  get hasFiles() {
    return this.#hasFiles;
  }

  /** The call has a file of this name, which is bytes. Its content follows. Throws BrokenPeer for a name that is none. */
  begin(name) {
    const text = name.toString('latin1');
    if (text === '' || text === '.' || text === '..' || name.includes(0) || name.includes(SLASH)) {
      throw new BrokenPeer('FILE: the payload is no name of a file');
    }
    this.#close();
    if (!this.#hasFiles) this.#makeFolders();
    this.#hasFiles = true;
    this.#fd = openSync(Buffer.concat([Buffer.from(`${IN}/`), name]), NEW_FILE, FILE_MODE);
    fchmodSync(this.#fd, FILE_MODE); // open(2) takes the bits of the umask away
  }

  /** The next bytes of the file. */
  append(bytes) {
    if (this.#fd < 0) throw new BrokenPeer('FILE_BYTES without a FILE');
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
  }

  /** The order comes next: all files are complete. */
  end() {
    this.#close();
  }

  /** The run is over, and the files are removed. */
  forget() {
    this.#hasFiles = false;
  }

  #makeFolders() {
    for (const folder of [IN, OUT]) {
      mkdirSync(folder);
      chmodSync(folder, FOLDER_MODE);
    }
  }

  #close() {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

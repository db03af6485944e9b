// Restores the folders that a run may have written to: empties them, and resets their mode.
//
// Theory of operation: a script may leave a tree that is deeper than PATH_MAX or the limit on descriptors allows, with
// unreadable folders and names that are not UTF-8. So the code never descends. It opens a folder of the root, unlinks the
// folder's files, moves the folder's own folders up into the root under new random names, and removes the folder. It repeats
// this until the root is empty. Two descriptors are enough for any tree, and names stay the bytes that getdents64(2) gave.
// Every process that could interfere is already dead. The server waits for END meanwhile, so there is a time limit: after
// it, destroying the sandbox is faster, because the kernel then frees the folders and no run waits for that.
import { fstatSync, readdirSync, statSync } from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer, hrtime } from '../kernel/primordials.mjs';

const OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const AT_REMOVEDIR = 0x200;
const PERMISSIONS = 0o7777;
const OWNER_ONLY = 0o700;
const ENTRIES_SIZE = 64 * 1024;
const DOT = 0x2e;

class OutOfTime extends Error {}

/** Folders that must be after each run as they are when `learn` is called. */
export class ScratchFolders {
  #libc;
  #paths;
  #folders = [];
  #rootEntries = Buffer.alloc(ENTRIES_SIZE);
  #folderEntries = Buffer.alloc(ENTRIES_SIZE);
  #freshName;
  #deadline = 0n;
  #file = null;
  #fileName = null;

  constructor(libc, paths) {
    this.#libc = libc;
    this.#paths = paths;
  }

  /** Learns which of the paths exist, and their modes. */
  learn() {
    this.#folders = this.#paths.flatMap((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ path: pathOf(path), mode: found.mode & PERMISSIONS, name: path }];
    });
  }

  /** Keeps a ScriptFile in its folder: it is written now, and again whenever a run has changed it. */
  keep(file) {
    this.#file = file;
    this.#fileName = pathOf(file.name);
    file.write();
  }

  /** Before a run. */
  beforeRun() {
    this.#file?.beforeRun();
  }

  /** Whether the folders hold nothing but the script's file. */
  get isUntouched() {
    try {
      const isKept = (folder, entry) => folder === this.#file?.folder && entry === this.#file.name;
      return this.#folders.every(({ name }) => readdirSync(name).every((entry) => isKept(name, entry)));
    } catch {
      return false; // a folder that cannot be read
    }
  }

  /** Returns false when it takes longer than `milliseconds`. Throws SystemCallError when something cannot be removed. */
  restore(milliseconds) {
    this.#deadline = hrtime() + BigInt(milliseconds) * 1_000_000n;
    try {
      this.#restoreAll();
      return true;
    } catch (error) {
      if (error instanceof OutOfTime) return false;
      throw error;
    }
  }

  #restoreAll() {
    for (const { path, mode, name } of this.#folders) {
      const root = this.#open(path, mode);
      try {
        if ((fstatSync(root).mode & PERMISSIONS) !== mode) this.#libc.must('fchmod', this.#libc.fchmod(root, mode));
        this.#dropAttributes(root);
        const file = this.#file?.folder === name ? this.#file : null;
        const kept = file?.isIntact() ? this.#fileName : null;
        const remove = (entry) => this.#remove(root, entry);
        while (this.#forEachEntry(root, this.#rootEntries, remove, kept)) { /* until it is empty */ }
        if (kept === null) file?.write();
      } finally {
        this.#libc.close(root);
      }
    }
  }

  #open(path, mode) {
    const libc = this.#libc;
    const root = libc.open(path, OPEN_FOLDER);
    if (root >= 0) return root;
    libc.must('chmod', libc.fchmodat(-1, getRawPointer(path), mode, 0));
    return libc.must('open', libc.open(path, OPEN_FOLDER));
  }

  #remove(root, name) {
    if (!this.#unlink(root, name)) this.#dissolve(root, name);
  }

  /** Removes a file or an empty folder. Returns false for anything else. */
  #unlink(folder, name) {
    return this.#libc.unlinkat(folder, name, 0) === 0 || this.#libc.unlinkat(folder, name, AT_REMOVEDIR) === 0;
  }

  /** Removes the folder `name` of `root`: first removes its files, and moves its folders to `root`. */
  #dissolve(root, name) {
    const libc = this.#libc;
    libc.must('fchmodat', libc.fchmodat(root, name, OWNER_ONLY, 0));
    const folder = libc.must('openat', libc.openat(root, name, OPEN_FOLDER, 0));
    try {
      while (this.#forEachEntry(folder, this.#folderEntries, (inner) => {
        if (!this.#unlink(folder, inner)) this.#moveUp(root, folder, inner);
      })) { /* until it is empty */ }
    } finally {
      libc.close(folder);
    }
    libc.must('unlinkat', libc.unlinkat(root, name, AT_REMOVEDIR));
  }

  #moveUp(root, folder, name) {
    const libc = this.#libc;
    libc.must('fchmodat', libc.fchmodat(folder, name, OWNER_ONLY, 0)); // moving a folder requires write permission on it
    this.#freshName = pathOf(libc.randomBytes(16).toString('hex'));
    libc.must('renameat', libc.renameat(folder, name, root, getRawPointer(this.#freshName)));
  }

  /** Calls `visit` with the address of each entry's name, except `kept`. Returns false when there was no entry. Throws OutOfTime. */
  #forEachEntry(folder, entries, visit, kept = null) {
    const libc = this.#libc;
    const address = getRawPointer(entries);
    let any = false;
    libc.must('lseek', libc.lseek(folder, 0n, 0));
    for (;;) {
      const filled = libc.must('getdents64', libc.getdents64(folder, entries, BigInt(ENTRIES_SIZE)));
      if (filled === 0) return any;
      for (let at = 0; at < filled; at += entries.readUInt16LE(at + 16)) {
        const name = at + 19; // struct linux_dirent64: inode, offset, length, type, name
        if (isDotOrDotDot(entries, name) || (kept !== null && isName(entries, name, kept))) continue;
        any = true;
        if (hrtime() >= this.#deadline) throw new OutOfTime();
        visit(address + BigInt(name));
      }
    }
  }

  /** Removes extended attributes, which would otherwise outlive the run (tmpfs has them since Linux 6.6). */
  #dropAttributes(root) {
    const libc = this.#libc;
    const names = this.#rootEntries;
    const filled = libc.flistxattr(root, names, BigInt(ENTRIES_SIZE));
    for (let at = 0, end; at < filled; at = end + 1) {
      end = names.indexOf(0, at);
      if (!/^(user|system)\./.test(names.latin1Slice(at, end))) continue; // a script cannot set the others
      libc.must('fremovexattr', libc.fremovexattr(root, getRawPointer(names) + BigInt(at)));
    }
  }
}

const isName = (entries, at, name) => entries.compare(name, 0, name.length, at, at + name.length) === 0;

const isDotOrDotDot = (entries, at) =>
  entries[at] === DOT && (entries[at + 1] === 0 || (entries[at + 1] === DOT && entries[at + 2] === 0));

// Empties the folders that an invocation may have written to, and gives them their own mode back.
//
// Theory of operation: a tree may be deeper than PATH_MAX or the number of descriptors allows, its folders
// unreadable, its names no UTF-8. So nothing walks down: a folder that is not empty is opened, its files are
// unlinked, its folders are moved up into the root under fresh names, and it is removed; the root is swept until
// nothing is left. Two descriptors are enough for any tree, and names are bytes as getdents64(2) gave them.
// Every process that could interfere is dead by then. A caller waits meanwhile, so it gives up after a while: the
// kernel clears away a whole sandbox faster, and nobody waits for that.
import { fstatSync, statSync } from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, pathOf } from '../kernel/libc.mjs';
import { getRawPointer, hrtime } from '../kernel/primordials.mjs';

const OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const AT_REMOVEDIR = 0x200;
const PERMISSIONS = 0o7777;
const OWNER_ONLY = 0o700;
const ENTRIES_SIZE = 64 * 1024;
const DOT = 0x2e;

class OutOfTime extends Error {}

/** Folders that must be after every invocation as they are now. */
export class ScratchFolders {
  #libc;
  #folders;
  #rootEntries = Buffer.alloc(ENTRIES_SIZE);
  #folderEntries = Buffer.alloc(ENTRIES_SIZE);
  #freshName;
  #deadline = 0n;

  /** Those of `paths` that exist. */
  constructor(libc, paths) {
    this.#libc = libc;
    this.#folders = paths.flatMap((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ path: pathOf(path), mode: found.mode & PERMISSIONS }];
    });
  }

  /** False when that takes longer than so many milliseconds. Throws SystemCallError when something could not be removed. */
  empty(milliseconds) {
    this.#deadline = hrtime() + BigInt(milliseconds) * 1_000_000n;
    try {
      this.#emptyAll();
      return true;
    } catch (error) {
      if (error instanceof OutOfTime) return false;
      throw error;
    }
  }

  #emptyAll() {
    for (const { path, mode } of this.#folders) {
      const root = this.#open(path, mode);
      try {
        if ((fstatSync(root).mode & PERMISSIONS) !== mode) this.#libc.must('fchmod', this.#libc.fchmod(root, mode));
        this.#dropAttributes(root);
        while (this.#forEachEntry(root, this.#rootEntries, (name) => this.#remove(root, name))) { /* until it is empty */ }
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

  /** Removes a file, or a folder that is empty. */
  #unlink(folder, name) {
    return this.#libc.unlinkat(folder, name, 0) === 0 || this.#libc.unlinkat(folder, name, AT_REMOVEDIR) === 0;
  }

  /** Removes the folder `name` of `root`, after its files are removed and its folders moved to `root`. */
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
    libc.must('fchmodat', libc.fchmodat(folder, name, OWNER_ONLY, 0)); // moving a folder needs the right to write it
    this.#freshName = pathOf(libc.randomBytes(16).toString('hex'));
    libc.must('renameat', libc.renameat(folder, name, root, getRawPointer(this.#freshName)));
  }

  /** Calls `visit` with the address of each entry's name; false when there was none. Throws OutOfTime. */
  #forEachEntry(folder, entries, visit) {
    const libc = this.#libc;
    const address = getRawPointer(entries);
    let any = false;
    libc.must('lseek', libc.lseek(folder, 0n, 0));
    for (;;) {
      const filled = libc.must('getdents64', libc.getdents64(folder, entries, BigInt(ENTRIES_SIZE)));
      if (filled === 0) return any;
      for (let at = 0; at < filled; at += entries.readUInt16LE(at + 16)) {
        const name = at + 19; // struct linux_dirent64: inode, offset, length, type, name
        if (entries[name] === DOT && (entries[name + 1] === 0 || (entries[name + 1] === DOT && entries[name + 2] === 0))) continue;
        any = true;
        if (hrtime() >= this.#deadline) throw new OutOfTime();
        visit(address + BigInt(name));
      }
    }
  }

  /** Extended attributes would outlive the invocation too (tmpfs has them since Linux 6.6). */
  #dropAttributes(root) {
    const libc = this.#libc;
    const names = this.#rootEntries;
    const filled = libc.flistxattr(root, names, BigInt(ENTRIES_SIZE));
    for (let at = 0, end; at < filled; at = end + 1) {
      end = names.indexOf(0, at);
      if (!/^(user|system)\./.test(names.latin1Slice(at, end))) continue; // the others are not the script's to set
      libc.must('fremovexattr', libc.fremovexattr(root, getRawPointer(names) + BigInt(at)));
    }
  }
}

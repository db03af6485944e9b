// Lets children inherit the page tables of mapped files.
//
// Theory of operation: fork(2) copies the page tables of a private file mapping only when the mapping holds a page of
// its own; otherwise each child faults in node's machine code again, sixteen pages at a time, some two hundred
// times for the smallest script. So one byte of each mapping is written over by itself, before the first fork, which
// gives the mapping such a page. It is written through /proc/self/mem, which may also write where the process may
// not. Where a kernel forbids that, nothing is lost but the time.
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

const mapping = /^([0-9a-f]+)-[0-9a-f]+ r-.p [0-9a-f]+ \S+ [1-9][0-9]* +\//;

/** Must come before /proc/self/mem is closed to the process (PR_SET_DUMPABLE). */
export function keepFilePagesInChildren() {
  const byte = Buffer.alloc(1);
  let memory = -1;
  try {
    memory = openSync('/proc/self/mem', 'r+');
    for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
      const found = mapping.exec(line);
      if (found === null) continue;
      const address = Number.parseInt(found[1], 16);
      readSync(memory, byte, 0, 1, address);
      writeSync(memory, byte, 0, 1, address);
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EIO'].includes(error.code)) throw error;
  } finally {
    if (memory >= 0) closeSync(memory);
  }
}

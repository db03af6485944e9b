// The calls by which a child of the mother makes its walls, in the shape of runtimes/PROTOCOL.md ("The mother"). They are the
// tests' own: few, but in the order that the kernel demands.

const NEWNS = 0x20000, NEWIPC = 0x8000000, NEWUTS = 0x4000000, NEWUSER = 0x10000000, NEWPID = 0x20000000, NEWNET = 0x40000000;
const NOSUID = 2, NODEV = 4, NOEXEC = 8, REC = 16384, SLAVE = 1 << 19;
const O_WRONLY = 1;
const FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, MOVE_MOUNT = 429;
const DUMPABLE = 4, SECCOMP = 22, CAPBSET_DROP = 24, NO_NEW_PRIVS = 38;
const LAST_CAPABILITY = 40;

const base64 = (bytes) => ({ bytes: Buffer.from(bytes).toString('base64') });
const slot = { given: 'slot' };

class Calls {
  list = [];

  /** Adds a call, and returns the argument that stands for its result. */
  add(why, call, ...given) {
    this.list.push({ call, arguments: given, why });
    return { was: this.list.length - 1 };
  }

  write(folder, path, bytes, length) {
    const fd = this.add(path, 'openat', folder, path, O_WRONLY);
    this.add(path, 'write', fd, bytes, length);
    this.add(path, 'close', fd);
  }
}

/** The mother's next child is process 1 of a new pid namespace. */
export function callsBefore() {
  const calls = new Calls();
  calls.add('back to her pid namespace', 'setns', { given: 'ownPidNamespace' }, NEWPID);
  calls.add('a pid namespace', 'unshare', NEWPID);
  return calls.list;
}

export function callsOfChild() {
  const calls = new Calls();
  calls.add('a session', 'setsid');
  const fs = calls.add('a /proc', 'syscall', FSOPEN, 'proc', 0);
  calls.add('a /proc', 'syscall', FSCONFIG, fs, 6, 0, 0, 0);
  const proc = calls.add('a /proc', 'syscall', FSMOUNT, fs, 0, NOSUID | NODEV | NOEXEC);
  calls.add('a /proc', 'close', fs);
  calls.add('the group', 'setresgid', slot, slot, slot);
  calls.add('the user', 'setresuid', slot, slot, slot);
  calls.add('the maps', 'prctl', DUMPABLE, 1);
  calls.add('namespaces', 'unshare', NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS);
  calls.write(proc, 'self/setgroups', 'deny', 4);
  for (const file of ['self/uid_map', 'self/gid_map']) calls.write(proc, file, { given: 'map' }, { given: 'map', length: true });
  calls.add('private mounts', 'mount', 0, '/', 0, REC | SLAVE, 0);
  calls.add('the new /proc', 'syscall', MOVE_MOUNT, proc, '', -100, '/proc', 4);
  calls.add('the new /proc', 'close', proc);
  for (const folder of ['/dev/shm', '/tmp']) calls.add(`a fresh ${folder}`, 'mount', 'tmpfs', folder, 'tmpfs', NOSUID | NODEV, 'mode=0755');
  calls.add('the folder', 'chdir', '/tmp');
  calls.add('the name', 'sethostname', 'child', 5);
  calls.add('the server', 'read', 0, base64(Buffer.alloc(1)), 1);
  for (let capability = 0; capability <= LAST_CAPABILITY; capability++) calls.add('no rights', 'prctl', CAPBSET_DROP, capability);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x20080522);
  calls.add('no rights', 'capset', base64(header), base64(Buffer.alloc(24)));
  calls.add('no looking in', 'prctl', DUMPABLE, 0);
  calls.add('no new rights', 'prctl', NO_NEW_PRIVS, 1);
  calls.add('the filter', 'prctl', SECCOMP, 2, { given: 'filter' });
  return calls.list;
}

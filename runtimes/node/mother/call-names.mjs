// The functions of the C library that the server may list.
//
// Theory of operation: every argument passes as a 64-bit integer, and every result is a 32-bit one. On the architectures
// that node supports, the C library takes such arguments for variadic functions as well (ioctl, open, prctl, syscall).
import { dlopen } from 'node:ffi';

const names = ['capset', 'chdir', 'close', 'connect', 'ioctl', 'mount', 'open', 'openat', 'prctl', 'read', 'sethostname',
  'setgroups', 'setns', 'setresgid', 'setresuid', 'setrlimit', 'setsid', 'socket', 'syscall', 'umount2', 'unshare', 'write'];

/** How many arguments a function takes: `syscall` takes the number of the call besides. */
const countOf = (name) => (name === 'syscall' ? 7 : 6);

/** The functions by name. */
export function loadCalls() {
  const definitions = names.map((name) => [name, { return: 'i32', arguments: Array(countOf(name)).fill('i64') }]);
  return { ...dlopen(null, Object.fromEntries(definitions)).functions };
}

/** The same functions without effect. Each returns `result`. */
export const idleCalls = (result) => Object.fromEntries(names.map((name) => [name, () => result]));

/** `values` with zeros in place of missing arguments, or null when there are too many. */
export function padded(name, values) {
  const missing = countOf(name) - values.length;
  return missing < 0 ? null : [...values, ...Array(missing).fill(0n)];
}

// Makes node's `process` object correct in a forked child, and notices how the child ends. Everything except the child's
// pid can be set before the fork.
//
// Theory of operation: each of node's ways to end (process.exit, an empty event loop, an uncaught exception) tears down
// threads that a forked child does not have, and hangs. Each emits an event first. So this file replaces the method `emit`
// of process's prototype: it calls the script's listeners as usual, then ends the child by _exit(2).
import { apply, define, emit, listenerCount } from '../kernel/primordials.mjs';
import { uptime } from './clock.mjs';

/**
 * Calls one method of `ending` when the script ends: `uncaught(error)` for an exception or rejection that the script does
 * not handle, `dry()` when the event loop is empty and the exit listeners have run with exit code 0, `exit(code)` for
 * every other end. None of them returns, unless `ending.staysAlive`. Then `uncaught` returns, and so does `dry`, which is
 * called before any exit listener and must give the loop something to do.
 */
export function adoptProcess(libc, process, filePath, ending) {
  define(process, 'argv', [process.execPath, filePath], true);
  define(process, 'execArgv', [], true);
  define(process, 'reallyExit', (code) => ending.exit(code >>> 0), true);
  define(process, 'uptime', uptime, true);
  watchEnd(libc, process, ending);
}

/** Returns a function that undoes what this file changes: for a rehearsal, after which this process stays the runtime's own. */
export function keepProcess(process) {
  const keep = (target, name) => ({ target, name, descriptor: Object.getOwnPropertyDescriptor(target, name) });
  const kept = ['argv', 'execArgv', 'reallyExit', 'uptime', 'pid'].map((name) => keep(process, name));
  kept.push(keep(Object.getPrototypeOf(process), 'emit'));
  return () => {
    for (const { target, name, descriptor } of kept) {
      delete target[name];
      if (descriptor !== undefined) Object.defineProperty(target, name, descriptor);
    }
  };
}

/** Corrects `process.pid`: node keeps the pid that it started with. */
export function setOwnPid(libc, process) {
  define(process, 'pid', libc.getpid(), true);
}

/** Calls the script's listeners of the exit, as `process.exit` does. Throws what a listener throws. */
export function announceExit(process, code) {
  if (listenerCount(process, 'exit') === 0 || process._exiting) return;
  process._exiting = true;
  process.exitCode ??= code;
  apply(emit, process, ['exit', process.exitCode]);
}

function watchEnd(libc, process, ending) {
  let dry = false;
  let ended = false;
  // Defined on the prototype, so that the script sees only its own listeners and properties on `process`.
  define(Object.getPrototypeOf(process), 'emit', function emitEvent(name, first) {
    const isEnd = this === process && name === 'exit' && process._exiting;
    if (isEnd && ended) return ending.exit(exitCode(process, first));
    ended ||= isEnd;
    const handled = emitted(this, arguments, ending);
    if (this !== process) return handled;
    if (name === 'beforeExit') {
      if (!ending.staysAlive) dry = true;
      else if (exitCode(process, 0) === 0 && !libc.isLoopAlive()) ending.dry();
    }
    if (isEnd) return dry && exitCode(process, first) === 0 ? ending.dry() : ending.exit(exitCode(process, first));
    if (handled) return true;
    const isUncaught = name === 'uncaughtException'
      || (name === 'unhandledRejection' && listenerCount(process, 'uncaughtException') === 0);
    if (isUncaught) endUncaught(process, ending, first);
    return isUncaught;
  });
}

/** The same for a process that an error ends: as in node, what a listener throws is lost, since the first error is told. */
export function announceExitAfterError(process) {
  try {
    announceExit(process, 1);
  } catch { /* lost */ }
}

/** Whether the script may handle an exception that nothing catches. */
export const listensToUncaught = (process) => listenerCount(process, 'uncaughtException') > 0
  || listenerCount(process, 'uncaughtExceptionMonitor') > 0 || process.hasUncaughtExceptionCaptureCallback();

function endUncaught(process, ending, thrown) {
  if (!ending.staysAlive) announceExitAfterError(process);
  ending.uncaught(thrown);
}

/** Without this, a listener of `uncaughtException` that throws would end the process in node's own way. */
function emitted(target, event, ending) {
  try {
    return apply(emit, target, event);
  } catch (thrown) {
    if (event[0] !== 'uncaughtException') throw thrown;
    endUncaught(target, ending, thrown);
    return true;
  }
}

const exitCode = (process, given) => (process.exitCode ?? given) >>> 0;

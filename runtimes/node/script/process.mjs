// Makes node's `process` object true for a forked child, and tells how the process ends. All but the child's own number
// can be done before the fork.
//
// node's own way out (process.exit, the end of the event loop, an uncaught exception) tears down threads that a
// forked child does not have, and hangs. All of them emit an event first; this prototype method of `process` sees
// them after the script's own listeners, which it does not disturb, and leaves by _exit(2).
import { apply, define, emit, hrtime, listenerCount, toNumber } from '../kernel/primordials.mjs';

/**
 * `ending` is told: `uncaught(error)` when the script handles neither it nor its rejection, `dry()` when the event
 * loop is empty and exit listeners have run with exit code 0, `exit(code)` for every other end. None of them returns,
 * unless `ending.staysAlive`: then `uncaught` does, and `dry`, which comes before any exit listener and must have given the loop
 * something to do.
 */
export function adoptProcess(libc, process, filePath, ending) {
  define(process, 'argv', [process.execPath, filePath], true);
  define(process, 'execArgv', [], true);
  define(process, 'reallyExit', (code) => ending.exit(code >>> 0), true);
  define(process, 'uptime', function uptime() {
    return toNumber(hrtime() - start) / 1e9;
  }, true);
  watchEnd(libc, process, ending);
}

/** node keeps the number of the process that it started as. */
export function knowOwnNumber(libc, process) {
  define(process, 'pid', libc.getpid(), true);
}

let start = hrtime();

/** The process was forked ahead of the call: its life begins now. */
export function beginLife() {
  start = hrtime();
}

function watchEnd(libc, process, ending) {
  let dry = false;
  let ended = false;
  // Of the process prototype, so that the script's own listeners and properties are as it knows them.
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
    const isUncaught = name === 'uncaughtException' || (name === 'unhandledRejection' && listenerCount(process, 'uncaughtException') === 0);
    if (isUncaught) ending.uncaught(first);
    return isUncaught;
  });
}

/** A listener that throws while an exception is told would end the process in node's own way. */
function emitted(target, event, ending) {
  try {
    return apply(emit, target, event);
  } catch (thrown) {
    if (event[0] !== 'uncaughtException') throw thrown;
    ending.uncaught(thrown);
    return true;
  }
}

const exitCode = (process, given) => (process.exitCode ?? given) >>> 0;

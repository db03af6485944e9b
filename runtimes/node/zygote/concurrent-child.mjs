// A child that serves several runs at once, from its fork to its end (isolation `shared` with a concurrency above 1).
//
// Theory of operation: see channel.mjs for how it speaks with the server, and script/concurrent-runner.mjs for how the runs are
// told apart. A run that the server has cancelled goes on, because JavaScript cannot be stopped from outside; what it prints is
// dropped, and its result is sent all the same, so that the server knows when it is over.
import { SCRIPT } from '../kernel/libc.mjs';
import { process, utf8Text } from '../kernel/primordials.mjs';
import { reseed } from '../kernel/randomness.mjs';
import { startClocks } from '../script/clock.mjs';
import { ConcurrentRunner } from '../script/concurrent-runner.mjs';
import { SCRIPT_FOLDER } from '../script/module-scope.mjs';
import { adoptProcess, setOwnPid } from '../script/process.mjs';
import { enterSecrets } from '../script/secrets.mjs';
import { ChannelReader, ChannelWriter, loadNet } from './channel.mjs';
import { STDERR, STDOUT } from './frames.mjs';

const CANNOT_READ_ORDERS = 70; // exit code

export class ConcurrentChild {
  #libc;
  #runner;
  #early;

  /** `script` is the PROGRAM frame's content. `early` are bytes of the orders that the zygote has read already. */
  constructor(libc, script, early) {
    this.#libc = libc;
    this.#early = early;
    this.#runner = new ConcurrentRunner(libc, script, { stdout: STDOUT, stderr: STDERR });
  }

  /** Before the fork: does what every child of this program has in common. */
  async prepare() {
    loadNet();
    await this.#runner.prepare();
  }

  /** Before the fork, and once only: makes node's process the process of `filename`. */
  adopt(filename) {
    adoptProcess(this.#libc, process, `${SCRIPT_FOLDER}/${filename}`, {
      staysAlive: true,
      uncaught: (thrown) => this.#runner.failCurrent(thrown),
      dry: () => this.#libc._exit(0), // the script has closed the connection
      exit: (code) => {
        this.#runner.exitCurrent(code);
        return this.#libc._exit(code);
      },
    });
  }

  /** In the child: serves until the end of the orders. */
  begin({ v8, generator }, ends) {
    const libc = this.#libc;
    const channel = new ChannelWriter(libc, ends.frames);
    reseed(libc, v8, generator);
    setOwnPid(libc, process);
    libc.setName(SCRIPT);
    libc.updateLoopTime();
    startClocks();
    this.#runner.open(channel);
    const reader = new ChannelReader({
      run: (number, json) => this.#runner.run(number, utf8Text(json)),
      secrets: (json) => enterSecrets(utf8Text(json)),
      cancel: (number) => {
        this.#runner.mute(number);
        channel.sendHeard(number);
      },
      end: () => libc._exit(0),
      broken: () => libc._exit(CANNOT_READ_ORDERS),
    });
    reader.open(ends.orders, this.#early);
  }
}

// A child of the mother, from its fork to READY.
import { SystemCallError, ZYGOTE } from '../kernel/libc.mjs';
import { severFromMother } from './descriptors.mjs';

const CANNOT_GO_ON = 71; // exit code: see mother.mjs

export class MotherChild {
  #libc;
  #meetingPlace;
  #inheritance;
  #descriptors;
  #calls;
  #zygote;
  #given; // keeps the texts alive whose addresses are passed

  /** `calls` are the child's; `zygote` is the one that it becomes. */
  constructor(libc, { meetingPlace, inheritance, descriptors, calls, zygote }) {
    this.#libc = libc;
    this.#meetingPlace = meetingPlace;
    this.#inheritance = inheritance;
    this.#descriptors = descriptors;
    this.#calls = calls;
    this.#zygote = zygote;
  }

  /** Makes its walls and serves. Settles in a child of the zygote only. */
  async live(token, given) {
    const libc = this.#libc;
    this.#given = given;
    libc.setName(ZYGOTE);
    this.#enterWalls(token);
    libc.renewLoop();
    this.#zygote.announce(this.#descriptors.shared());
    await this.#zygote.live();
  }

  #enterWalls(token) {
    const libc = this.#libc;
    try {
      this.#meetingPlace.meet(token);
      severFromMother(libc, this.#inheritance.shared);
      if (!this.#calls.carryOut(libc.errno, this.#given)) libc._exit(0);
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      libc.writeAll(2, Buffer.from(`${error.message}\n`));
      libc._exit(CANNOT_GO_ON);
    }
  }
}

// Keeps a child's descriptors apart from the mother's.
//
// Theory of operation: a child replaces the descriptors that it shares with the mother by /dev/null, as every child of a zygote
// does (zygote/fork.mjs). Then libuv opens some of them anew, for the child's own event loop, and those the child shares
// with its own children. libuv takes the lowest free numbers. So the mother closes what bubblewrap and the server have left
// open, and leaves no number free below her highest one: then every child has the same descriptors under the same numbers.
import { O_CLOEXEC, O_RDWR, pathOf } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { openDescriptors, sever } from '../zygote/inheritance.mjs';

const STANDARD = 3;
const F_GETFD = 1;
const FD_CLOEXEC = 1;
const OPENED = 8; // more than a child opens and keeps
const POLLFD_SIZE = 8;
const REVENTS = 6; // offset in struct pollfd
const POLLNVAL = 0x20;
const DEV_NULL = pathOf('/dev/null');

/** In the mother: closes the descriptors that were open when node started. node's own are all marked close-on-exec. */
export function closeInherited(libc) {
  for (const fd of openDescriptors()) if ((libc.fcntl(fd, F_GETFD, 0) & FD_CLOEXEC) === 0) libc.close(fd);
}

/** In the mother: opens /dev/null under every free number below the highest one that is open. */
export function fillGaps(libc) {
  const highest = Math.max(STANDARD, ...openDescriptors());
  let fd;
  do fd = libc.must('open', libc.open(DEV_NULL, O_RDWR | O_CLOEXEC)); while (fd < highest);
  libc.close(fd);
}

/** In a child: replaces `shared` by /dev/null. */
export function severFromMother(libc, shared) {
  const devNull = libc.must('open', libc.open(DEV_NULL, O_RDWR | O_CLOEXEC));
  sever(libc, shared, devNull);
  libc.close(devNull);
}

/** Lists the open descriptors of a child by one poll(2), which says of each number whether it is open. */
export class DescriptorList {
  #libc;
  #own;
  #count;
  #polled;
  #address;

  /** `own` and `shared` are those that learnInheritance (zygote/inheritance.mjs) has told apart in the mother. */
  constructor(libc, { own, shared }) {
    this.#libc = libc;
    this.#own = own;
    this.#count = Math.max(...own, ...shared) + 1 + OPENED - STANDARD;
    this.#polled = Buffer.alloc(this.#count * POLLFD_SIZE);
    this.#address = getRawPointer(this.#polled);
    for (let at = 0; at < this.#count; at++) this.#polled.writeInt32LE(STANDARD + at, at * POLLFD_SIZE);
  }

  /** In a child: the descriptors that it would share with its own children. */
  shared() {
    this.#libc.must('poll', this.#libc.poll(this.#address, BigInt(this.#count), 0));
    const shared = [];
    for (let at = 0; at < this.#count; at++) {
      const isOpen = (this.#polled.readInt16LE(at * POLLFD_SIZE + REVENTS) & POLLNVAL) === 0;
      if (isOpen && !this.#own.includes(STANDARD + at)) shared.push(STANDARD + at);
    }
    return shared;
  }
}

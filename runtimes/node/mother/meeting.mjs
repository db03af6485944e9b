// Connects a child to the server's Unix socket. The server learns from the kernel (SO_PEERCRED) which process this is, and from
// the line that it reads which descriptor the connection stands for.
import { O_CLOEXEC } from '../kernel/libc.mjs';
import { getRawPointer } from '../kernel/primordials.mjs';
import { BrokenPeer } from '../zygote/frames.mjs';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const PATH_OFFSET = 2; // in struct sockaddr_un
const ADDRESS_SIZE = 110;
const [STDIN, STDOUT, STDERR] = [0, 1, 2];

export class MeetingPlace {
  #libc;
  #address = Buffer.alloc(ADDRESS_SIZE);
  #rawAddress = getRawPointer(this.#address);

  /** `path` is the socket's, at most 107 bytes. */
  constructor(libc, path) {
    this.#libc = libc;
    const bytes = Buffer.from(path);
    if (bytes.length >= ADDRESS_SIZE - PATH_OFFSET) throw new BrokenPeer(`the path of the socket is too long: ${path}`);
    this.#address.writeUInt16LE(AF_UNIX, 0);
    bytes.copy(this.#address, PATH_OFFSET);
  }

  /** Replaces the standard descriptors by two connections. Throws SystemCallError. */
  meet(token) {
    this.#connect(`out ${token}\n`, STDIN, STDOUT);
    this.#connect(`err ${token}\n`, STDERR, STDERR);
  }

  #connect(line, first, second) {
    const libc = this.#libc;
    const fd = libc.must('socket', libc.socket(AF_UNIX, SOCK_STREAM | O_CLOEXEC, 0));
    libc.must('connecting to the server: connect', libc.connect(fd, this.#rawAddress, ADDRESS_SIZE));
    libc.writeAll(fd, Buffer.from(line));
    libc.must('dup2', libc.dup2(fd, first));
    libc.must('dup2', libc.dup2(fd, second));
    libc.close(fd);
  }
}

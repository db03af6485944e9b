// Finds the end of a result message: one byte of kind, four of length, payload. The zygote reads nothing else of it.

const HEADER_SIZE = 5;

export class ResultMeter {
  #header = Buffer.alloc(HEADER_SIZE);
  #seen = 0;

  /** True when the message's last byte has been taken. */
  get complete() {
    return this.#seen >= HEADER_SIZE && this.#seen === HEADER_SIZE + this.#header.readUInt32LE(1);
  }

  /** The message's kind, once its first byte has been taken. */
  get kind() {
    return this.#header[0];
  }

  /** Takes the next bytes. Returns how many of them belong to the message: fewer than all at its end. */
  take(bytes) {
    const ofHeader = Math.min(bytes.length, Math.max(0, HEADER_SIZE - this.#seen));
    bytes.copy(this.#header, this.#seen, 0, ofHeader);
    const known = this.#seen + ofHeader;
    if (known < HEADER_SIZE) {
      this.#seen = known;
      return ofHeader;
    }
    const total = HEADER_SIZE + this.#header.readUInt32LE(1);
    const taken = Math.min(bytes.length, total - this.#seen);
    this.#seen += taken;
    return taken;
  }
}

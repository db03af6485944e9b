// The tests' own implementation of runtimes/PROTOCOL.md, independent of the runtime's.

export const types = {
  program: 0x01, run: 0x02, check: 0x03, cancel: 0x04, trace: 0x05, secrets: 0x06, file: 0x07, fileBytes: 0x08,
  ready: 0x81, stdout: 0x82, stderr: 0x83, result: 0x84, end: 0x85, done: 0x86, heard: 0x87,
  out: 0x88, outFile: 0x89, outBytes: 0x8a, outRefused: 0x8b,
};

export function frame(type, payload = '') {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
  const header = Buffer.alloc(5);
  header[0] = type;
  header.writeUInt32LE(body.length, 1);
  return Buffer.concat([header, body]);
}

/** Takes complete frames out of a growing stream of bytes. */
export class FrameSplitter {
  #pending = [];
  #size = 0;

  * push(bytes) {
    this.#pending.push(bytes);
    this.#size += bytes.length;
    while (this.#size >= 5) {
      const all = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
      this.#pending = [all];
      const length = all.readUInt32LE(1);
      if (all.length < 5 + length) return;
      this.#pending = [all.subarray(5 + length)];
      this.#size -= 5 + length;
      yield { type: all[0], payload: all.subarray(5, 5 + length) };
    }
  }
}

/** The result message as `{kind, value, extra}`, or null when it is not complete. `value` is undefined for an empty payload. */
export function parseResult(bytes) {
  if (bytes.length < 5) return null;
  const length = bytes.readUInt32LE(1);
  if (bytes.length < 5 + length) return null;
  const text = bytes.toString('utf8', 5, 5 + length);
  const kind = String.fromCharCode(bytes[0]);
  const isJson = 'VESBX'.includes(kind) || (kind === 'N' && text !== '');
  return { kind, value: isJson ? JSON.parse(text) : undefined, extra: bytes.length - 5 - length };
}

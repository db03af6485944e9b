/** One message of an event stream. */
export interface StreamMessage {
  /** The last `id:` that was sent, at this message or before it. */
  readonly id: string;
  /** What `event:` says; without it `message`. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads the text of an event stream (WHATWG HTML, "Parsing an event stream") in pieces that may end anywhere. Comments and
 * `retry:` are skipped, and what the stream ends within is no message.
 */
export class EventParser {
  private rest = "";
  private isFirst = true;
  private id = "";
  private event = "";
  private data: string[] = [];

  /** The messages that the piece completes. */
  push(piece: string): StreamMessage[] {
    const messages: StreamMessage[] = [];
    let text = this.rest + piece;
    if (this.isFirst && text) {
      this.isFirst = false;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }

    let begin = 0;
    for (;;) {
      let end = begin;
      while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
      // The \r at the end may be the first half of \r\n.
      if (end === text.length || (text[end] === "\r" && end + 1 === text.length)) break;
      this.line(text.slice(begin, end), messages);
      begin = end + (text[end] === "\r" && text[end + 1] === "\n" ? 2 : 1);
    }

    this.rest = text.slice(begin);
    return messages;
  }

  private line(line: string, messages: StreamMessage[]): void {
    if (line === "") {
      if (this.data.length > 0) messages.push({ id: this.id, event: this.event || "message", data: this.data.join("\n") });
      this.data = [];
      this.event = "";
      return;
    }

    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
  }
}

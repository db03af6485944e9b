import type { StreamMessage } from "../api/eventParser.ts";
import { Lines } from "../playground/lines.ts";
import { readEvent } from "../playground/wire.ts";
import { plural } from "../charts/units.ts";

/**
 * What the events of a kept run have told (docs/asynchronous.md, "Events"). Theory of operation: each event but `queued` has a number,
 * which is the same whenever it is read. An event whose number is known already is passed over, so a stream that is opened again, or from
 * the beginning, shows no line twice.
 */
export class KeptLog {
  readonly lines = new Lines();
  /** The number of the last event; -1: there was none. */
  last = -1;
  /** How far the run has come, by the events; empty: they have not told yet. */
  stage: "" | "queued" | "running" | "ended" = "";

  /** Takes an event. */
  take({ id, data }: StreamMessage): void {
    const { event, data: told } = JSON.parse(data) as { readonly event: string; readonly data: unknown };
    if (event === "state" && told === "queued") {
      if (this.stage === "") this.stage = "queued";
      return;
    }

    const number = Number(id);
    if (!(number > this.last)) return;
    this.last = number;
    if (event === "state") this.stage = "running";
    else if (event === "gap") this.lines.add({ text: `… ${plural(Number(told), "line")} not kept …`, isError: false });
    else this.takeRun(data);
  }

  private takeRun(data: string): void {
    const told = readEvent(data);
    if (told === null) return; // a newer server's
    if ("line" in told) this.lines.add(told.line);
    else this.stage = "ended";
  }
}

/** Whether an event is the last one of its run. */
export const isEnd = ({ data }: StreamMessage): boolean => {
  const { event } = JSON.parse(data) as { readonly event: string };
  return event === "result" || event === "error";
};

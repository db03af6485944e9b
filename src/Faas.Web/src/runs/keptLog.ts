import type { StreamMessage } from "../api/eventParser.ts";
import { Lines } from "../playground/lines.ts";
import { readEvent } from "../playground/wire.ts";
import { plural } from "../charts/units.ts";

/**
 * What the events of a kept run have told (docs/asynchronous.md, "Events"). Theory of operation: each line, gap and end has a number,
 * which is the same whenever it is read. An event whose number is known already is passed over, so a stream that is opened again, or from
 * the beginning, shows no line twice. Of the `state` events only the first `running` has a number. That the run waits, for its turn or for
 * another attempt, and that a later attempt begins, come without one, and the parser gives them the number of the event before. So a
 * `state` is taken as it is told until the run has ended. A stream that is read from the beginning tells `running` first, and `queued`
 * after the lines if the run waits.
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
    const isNew = id !== "" && Number(id) > this.last;
    if (isNew) this.last = Number(id);
    if (event === "state") this.takeState(told);
    else if (!isNew) return;
    else if (event === "gap") this.lines.add({ text: `… ${plural(Number(told), "line")} not kept …`, isError: false });
    else this.takeRun(data);
  }

  private takeState(told: unknown): void {
    if (this.stage !== "ended" && (told === "queued" || told === "running")) this.stage = told; // another word is a newer server's
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

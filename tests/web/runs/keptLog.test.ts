import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EventParser } from "../../../src/Faas.Web/src/api/eventParser.ts";
import { isEnd, KeptLog } from "../../../src/Faas.Web/src/runs/keptLog.ts";

const event = (id: number | null, told: object) => `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(told)}\n\n`;
const line = (id: number, text: string) => event(id, { event: "log", data: text, type: "text" });
const queued = event(null, { event: "state", data: "queued", type: "text" });
const running = event(0, { event: "state", data: "running", type: "text" });
const result = (id: number) => event(id, { event: "result", data: 8, type: "number" });

/** What a log knows after some connections, each of which begins with a reader of its own. */
function after(...connections: string[]): KeptLog {
  const log = new KeptLog();
  for (const text of connections) for (const message of new EventParser().push(text)) log.take(message);
  return log;
}

const texts = ({ lines }: KeptLog) => Array.from({ length: lines.count }, (_, at) => lines.at(at)!.text);

test("A run that waits, begins, prints and ends is told step by step", () => {
  assert.equal(after(queued).stage, "queued");
  assert.equal(after(queued, running).stage, "running");
  const log = after(queued + running + line(1, "adding") + result(2));
  assert.deepEqual([log.stage, log.last, texts(log)], ["ended", 2, ["adding"]]);
});

test("A run that waits between attempts is queued again, and its lines are counted on", () => {
  const again = event(null, { event: "state", data: "running", type: "text" });
  assert.equal(after(running + line(1, "first") + queued).stage, "queued");
  assert.equal(after(running + queued).stage, "queued");
  assert.equal(after(running + queued + again).stage, "running");
  const log = after(running + line(1, "first") + queued + again + line(2, "second") + result(3));
  assert.deepEqual([log.stage, log.last, texts(log)], ["ended", 3, ["first", "second"]]);
});

test("A stream that is opened again says that the run waits for another attempt, and what has ended does not begin again", () => {
  const waiting = after(running + line(1, "first"), queued);
  assert.deepEqual([waiting.stage, waiting.last], ["queued", 1]);
  const anew = after(running + line(1, "first") + queued, running + line(1, "first") + queued);
  assert.deepEqual([anew.stage, anew.last, texts(anew)], ["queued", 1, ["first"]]);
  assert.equal(after(running + line(1, "first") + result(2), running + line(1, "first")).stage, "ended");
});

test("A run that waits for its turn has told no number", () => {
  assert.equal(after(queued).last, -1);
});

test("A line that is JSON is shown as it was printed, and stderr is told apart", () => {
  const log = after('id: 1\ndata: {"event":"log","data":{"n": 12345678901234567890},"type":"json","stream":"stderr"}\n\n');
  assert.deepEqual(log.lines.at(0), { text: '{"n": 12345678901234567890}', isError: true });
});

test("However a stream breaks off and is opened again, no line is lost and none comes twice", () => {
  const all = [running, ...Array.from({ length: 12 }, (_, at) => line(at + 1, `line ${at + 1}`)), result(13)];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 6 }), (breaks) => {
      const connections: string[] = [];
      let known = 0; // how many events have come
      for (const [back, more] of breaks) {
        const from = Math.max(0, known - back); // a server may tell again what is known, and nothing less
        known = Math.max(known, Math.min(all.length, from + more));
        connections.push(all.slice(from, Math.min(all.length, from + more)).join(""));
      }
      connections.push(all.slice(known).join(""));
      const log = after(...connections);
      assert.deepEqual(texts(log), Array.from({ length: 12 }, (_, at) => `line ${at + 1}`));
      assert.equal(log.stage, "ended");
    }),
  );
});

test("Lines that are not kept are said in their place", () => {
  const log = after(running + event(40, { event: "gap", data: 40, type: "number" }) + line(41, "later"));
  assert.deepEqual(texts(log), ["… 40 lines not kept …", "later"]);
});

test("An event of a newer server is passed over, and a run that failed has ended", () => {
  const log = after(running + event(1, { event: "progress", data: 5, type: "number" }));
  assert.deepEqual([log.last, log.stage, texts(log)], [1, "running", []]);
  const end = event(2, { event: "error", data: "no number", type: "text", reason: "error" });
  assert.equal(after(running + end).stage, "ended");
  assert.deepEqual(new EventParser().push(running + end).map(isEnd), [false, true]);
});

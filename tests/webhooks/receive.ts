// Reads a callback by the npm packages standardwebhooks, which verifies its signature, and cloudevents, which reads the event.
// Usage: node receive.ts SECRET FILE, where FILE has {"headers": {...}, "body": "..."}. Prints the event as one line of JSON: id, source,
// type, subject, data. A callback that is wrong ends it with an error.
import { HTTP, type CloudEvent } from "cloudevents";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const [secret, file] = process.argv.slice(2) as [string, string];
const { headers, body } = JSON.parse(readFileSync(file, "utf8")) as { headers: Record<string, string>; body: string };
new Webhook(secret).verify(body, headers);
const event = HTTP.toEvent<unknown>({ headers, body }) as CloudEvent<unknown>;
event.validate();
const { id, source, type, subject, data } = event;
console.log(JSON.stringify({ id, source, type, subject, data }));

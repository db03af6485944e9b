import type { Language } from "./languages.ts";

/** Code to begin from. */
export interface Example {
  readonly title: string;
  readonly language: Language;
  readonly code: string;
  /** JSON. */
  readonly input: string;
}

const dot = String.raw;

export const examples: readonly Example[] = [
  {
    title: "Add two numbers",
    language: "javascript",
    code: `// \`event\` is the input. What the script returns is its result.
return { sum: event.a + event.b };
`,
    input: `{ "a": 3, "b": 5 }`,
  },
  {
    title: "Print while it works",
    language: "javascript",
    code: `// Press Stream, and each line comes as soon as it is printed.
const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
const begun = performance.now();
const done = [];

for (let step = 1; step <= event.steps; step++) {
  console.log(\`step \${step} of \${event.steps}\`);
  if (step % 4 === 0) console.error("every fourth step writes to stderr");
  await pause(200);
  done.push({ step, milliseconds: Math.round(performance.now() - begun) });
}

return done;
`,
    input: `{ "steps": 8 }`,
  },
  {
    title: "Group records into a table",
    language: "typescript",
    code: `interface Order {
  customer: string;
  amount: number;
}

const orders: Order[] = event.orders;
const byCustomer = Map.groupBy(orders, (order) => order.customer);

// An array of records is shown as a table.
return [...byCustomer].map(([customer, own]) => ({
  customer,
  orders: own.length,
  total: own.reduce((sum, order) => sum + order.amount, 0),
}));
`,
    input: `{
  "orders": [
    { "customer": "Ada", "amount": 120 },
    { "customer": "Grace", "amount": 75 },
    { "customer": "Ada", "amount": 40 },
    { "customer": "Alan", "amount": 310 }
  ]
}`,
  },
  {
    title: "Count words",
    language: "python",
    code: dot`import re
from collections import Counter

words = re.findall(r"\w+", event["text"].lower())
print(len(words), "words")

return [{"word": word, "count": n} for word, n in Counter(words).most_common(event.get("most", 10))]
`,
    input: `{
  "text": "the quick brown fox jumps over the lazy dog while the other dog sleeps",
  "most": 5
}`,
  },
  {
    title: "Draw an image",
    language: "python",
    code: dot`import base64

# A data URL of an image is shown as an image.
size = event.get("size", 240)
bars = "".join(
    f'<rect x="{10 + i * 40}" y="{size - 20 - value}" width="30" height="{value}" rx="4" fill="#4f46e5"/>'
    for i, value in enumerate(event["values"])
)
svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{20 + 40 * len(event["values"])}" height="{size}">{bars}</svg>'

return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
`,
    input: `{ "values": [40, 90, 150, 110, 190, 60] }`,
  },
  {
    title: "Fail, and see where",
    language: "python",
    code: `def divide(a, b):
    return a / b


print("dividing", event["a"], "by", event["b"])
return divide(event["a"], event["b"])
`,
    input: `{ "a": 1, "b": 0 }`,
  },
  {
    title: "Ask what the sandbox may do",
    language: "javascript",
    code: `const fs = require("node:fs");
const attempt = (what) => {
  try {
    return what();
  } catch (error) {
    return error.code ?? error.message;
  }
};

return {
  "files of /": fs.readdirSync("/"),
  "read /etc/shadow": attempt(() => fs.readFileSync("/etc/shadow", "utf8")),
  "write to /": attempt(() => fs.writeFileSync("/mine", "")),
  "write to /tmp": attempt(() => fs.writeFileSync("/tmp/mine", "") ?? "allowed"),
  "the network": await fetch("https://example.org").then(() => "reached", (error) => error.cause?.code ?? error.message),
  "processes seen": fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length,
};
`,
    input: `{}`,
  },
];

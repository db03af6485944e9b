// Drives tasks of /mcp by the SDK of the protocol: node tasks.mjs URL KEY. Prints the results of its steps as one line of JSON.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';

const [url, key] = process.argv.slice(2);
const client = new Client({ name: 'test', version: '1' }, { enforceStrictCapabilities: true });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { 'X-Api-Key': key } } }));
const { tools } = await client.listTools();
const support = tools.map(tool => [tool.name, tool.execution?.taskSupport ?? 'forbidden']);
const { tasks } = client.experimental;

// The client asks for a task by itself, because the tool says that it may be one.
async function streamed(name, args, task) {
  const seen = [];
  const stream = tasks.callToolStream({ name, arguments: args }, CallToolResultSchema, task && { task });
  for await (const message of stream) {
    const last = seen.at(-1);
    if (message.type === 'taskStatus' && last?.status === message.task.status) {
      continue;
    }

    seen.push({
      type: message.type,
      status: message.task?.status,
      ttl: message.task?.ttl,
      result: message.result?.structuredContent,
      error: message.error?.message,
    });
  }

  return seen;
}

const added = await streamed('math__add', { a: 1, b: 2 }, { ttl: 60_000 });
const broken = await streamed('test_error_handling', {}, {});

// One that is cancelled while it is executed.
const call = { method: 'tools/call', params: { name: 'sleeping', arguments: {} } };
let taskId;
for await (const message of tasks.requestStream(call, CallToolResultSchema, { task: {} })) {
  taskId ??= message.task?.taskId;
  if (message.type === 'taskStatus' && message.task.statusMessage === 'The run is executed.') {
    break;
  }
}

const cancelled = await tasks.cancelTask(taskId);
const result = await tasks.getTaskResult(taskId, CallToolResultSchema);
const listed = (await tasks.listTasks()).tasks.map(task => task.status);
const again = await tasks.cancelTask(taskId).then(() => 'no error', error => error.code);
await client.close();
console.log(JSON.stringify({
  support, added, broken, cancelled: cancelled.status, told: result.content[0].text,
  related: result._meta['io.modelcontextprotocol/related-task'].taskId === taskId, listed, again,
}));

// Leads what a script asks of hosts through the server's proxy: fetch, WebSocket, and http and https with their global agents.
//
// Theory of operation: the environment variables of a version (`HTTP_PROXY`, …) serve the processes that a script starts. This process
// has read its own before the version came, so node is told here, in the zygote, and its children inherit that. node's fetch tells of a
// refused tunnel its status alone, while the proxy says in its reply which rule refused it. So the call by which the agent of fetch asks
// for a tunnel is replaced: it is a property of undici's pool, which is found by the names of the symbols that hold it.
import { apply, process } from '../kernel/primordials.mjs';

const NOT_BY_PROXY = '127.0.0.1,localhost';
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.2');
const LONGEST_REASON = 4096; // bytes

/** From now on, this process and its children reach hosts by the proxy at `url`. */
export function useProxy(url) {
  process.getBuiltinModule('node:http').setGlobalProxyFromEnv({ http_proxy: url, https_proxy: url, no_proxy: NOT_BY_PROXY });
  const pool = heldBy(heldBy(globalThis[GLOBAL_DISPATCHER], 'https proxy agent'), 'proxy client');
  const { connect } = pool;
  pool.connect = async (request) => {
    const answer = await apply(connect, pool, [request]);
    if (answer.statusCode === 200) return answer;
    const reason = await textOf(answer.socket);
    throw tunnelError(request.path, url, answer.statusCode, reason);
  };
}

/**
 * From now on, this process trusts the authority whose certificate is in a file, too. Its children inherit that; the processes that a
 * script starts have a variable for it, which node reads when it starts.
 */
export function trustAuthority(file) {
  const { getCACertificates, setDefaultCACertificates } = process.getBuiltinModule('node:tls');
  setDefaultCACertificates([...getCACertificates('default'), process.getBuiltinModule('node:fs').readFileSync(file, 'utf8')]);
}

const heldBy = (object, name) => object[Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === name)];

/** The error that node's https gives for the same. */
function tunnelError(host, url, statusCode, reason) {
  const message = `Failed to establish tunnel to ${host} via ${url}: ${reason === '' ? `status ${statusCode}` : reason}`;
  return Object.assign(new Error(message), { code: 'ERR_PROXY_TUNNEL', statusCode });
}

/** The body of a reply that ends with its connection. */
async function textOf(socket) {
  let text = '';
  try {
    socket.setEncoding('utf8');
    for await (const piece of socket) {
      text += piece;
      if (text.length > LONGEST_REASON) break;
    }
  } catch {
    // what came before the connection broke is enough
  }
  socket.destroy();
  return text.trim();
}

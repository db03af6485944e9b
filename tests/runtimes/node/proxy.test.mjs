import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Sandbox } from './sandbox.mjs';

const limits = { proxy: 'http://127.0.0.1:3128' };

// A proxy in the sandbox itself: it lets nothing through, says why, and keeps what it was asked for.
const PROXY = `
  const { createServer } = require('net');
  const asked = [];
  const proxy = createServer((socket) => socket.on('error', () => {}).once('data', (head) => {
    asked.push(String(head).split(' HTTP')[0]);
    socket.end('HTTP/1.1 403 no rule for it\\r\\nContent-Length: 14\\r\\nConnection: close\\r\\n\\r\\nno rule for it');
  }));
  await new Promise((listens) => proxy.listen(3128, '127.0.0.1', listens));
  const { http, https } = { http: require('http'), https: require('https') };
  const told = (get, url) => new Promise((done) =>
    get(url, (answer) => done(answer.statusMessage)).on('error', (error) => done(error.message)));
`;
const ALL = `${PROXY}
  const plain = await fetch('http://a.example/x');
  const failed = await fetch('https://b.example/').catch((error) => error);
  const own = createServer((socket) => socket.end('HTTP/1.1 204 direct\\r\\n\\r\\n'));
  await new Promise((listens) => own.listen(8080, '127.0.0.1', listens));
  const direct = await fetch('http://127.0.0.1:8080/');
  return { fetch: [plain.status, plain.statusText], cause: [failed.name, failed.message, failed.cause.message, failed.cause.code],
    http: await told(http.get, 'http://c.example/'), https: await told(https.get, 'https://d.example/'), direct: direct.statusText, asked };
`;

describe('A proxy', () => {
  for (const isolation of ['process', 'sandbox', 'shared']) {
    test(`serves fetch, http and https at isolation ${isolation}, and says why it refuses`, async () => {
      await using sandbox = await Sandbox.with(ALL, { isolation, limits });
      const { result } = await sandbox.run();
      assert.equal(result.kind, 'V', JSON.stringify(result));
      const { asked, cause, ...rest } = result.value;
      assert.deepEqual(rest, {
        fetch: [403, 'no rule for it'],
        http: 'no rule for it',
        https: 'Failed to establish tunnel to d.example:443 via http://127.0.0.1:3128: HTTP/1.1 403 no rule for it',
        direct: 'direct',
      });
      assert.deepEqual(cause, [
        'TypeError', 'fetch failed', 'Failed to establish tunnel to b.example:443 via http://127.0.0.1:3128: no rule for it',
        'ERR_PROXY_TUNNEL']);
      assert.deepEqual(asked, [
        'GET http://a.example/x', 'CONNECT b.example:443', 'GET http://c.example/', 'CONNECT d.example:443']);
    });
  }

  test('that refuses is in the error that nothing catches', async () => {
    await using sandbox = await Sandbox.with(`${PROXY} await fetch('https://b.example/')`, { limits });
    const { result } = await sandbox.run();
    assert.deepEqual([result.kind, result.value.message], ['E', 'fetch failed']);
    assert.match(result.value.stack, /\[cause\]: Error: Failed to establish tunnel to b\.example:443 .*no rule for it/);
  });

  test('that is not there is an error, and without one nothing is changed', async () => {
    const code = 'return (await fetch("http://192.0.2.1/").catch((error) => error)).cause.code';
    await using alone = await Sandbox.with(code, { limits });
    assert.equal((await alone.run()).result.value, 'ECONNREFUSED');
    await using without = await Sandbox.with(code);
    assert.equal((await without.run()).result.value, 'ENETUNREACH');
  });

  test('must be a URL, and its authority a path', async () => {
    for (const wrong of [{ proxy: 'nowhere' }, { ...limits, authority: 5 }]) {
      await using sandbox = await Sandbox.with('return 1', { limits: wrong });
      assert.equal((await sandbox.exited).code, 70);
    }
  });
});

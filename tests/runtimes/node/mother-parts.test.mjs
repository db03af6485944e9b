import assert from 'node:assert/strict';
import { getInt8, toBuffer, toString } from 'node:ffi';
import { describe, test } from 'node:test';
import { CallList, UnknownCall } from '../../../runtimes/node/mother/calls.mjs';
import { GivenValues, NotGiven } from '../../../runtimes/node/mother/given.mjs';
import { LineReader } from '../../../runtimes/node/mother/lines.mjs';
import { orderOf, setupOf } from '../../../runtimes/node/mother/orders.mjs';
import { idleLibc } from '../../../runtimes/node/kernel/libc.mjs';
import { BrokenPeer } from '../../../runtimes/node/zygote/frames.mjs';

const EPERM = 1;
const noErrno = () => EPERM;
const none = new GivenValues(new Map());

/** Carries out a list, and returns what was called. `results` are what the calls return in turn. */
function carryOut(listed, { given = none, results = [] } = {}) {
  const called = [];
  const recorded = (name) => (...values) => {
    called.push([name, ...values]);
    return results[called.length - 1] ?? 0;
  };
  const functions = Object.fromEntries(['prctl', 'read', 'openat', 'syscall', 'close'].map((name) => [name, recorded(name)]));
  const list = new CallList(functions, listed.map(([call, ...values]) => ({ call, arguments: values, why: `why ${call}` })));
  return { alive: list.carryOut(noErrno, given), called };
}

describe('A list of calls', () => {
  test('Numbers are passed as they are, and missing arguments are 0', () => {
    assert.deepEqual(carryOut([['prctl', 4, -1], ['syscall', 430, 2 ** 40], ['close']]).called, [
      ['prctl', 4n, -1n, 0n, 0n, 0n, 0n], ['syscall', 430n, 2n ** 40n, 0n, 0n, 0n, 0n, 0n], ['close', 0n, 0n, 0n, 0n, 0n, 0n],
    ]);
  });

  test('A text is passed as the address of its UTF-8 and a 0, bytes as theirs', () => {
    const [[, text, bytes]] = carryOut([['prctl', 'é/ö', { bytes: 'AQID' }]]).called;
    assert.equal(toString(text), 'é/ö');
    assert.deepEqual([0, 1, 2].map((at) => getInt8(bytes, at)), [1, 2, 3]);
  });

  test('The result of an earlier call can be an argument', () => {
    const { called } = carryOut([['openat', 0], ['openat', { was: 0 }], ['close', { was: 1 }, { was: 0 }]], { results: [7, 8] });
    assert.deepEqual(called.map((call) => call.slice(0, 3)), [['openat', 0n, 0n], ['openat', 7n, 0n], ['close', 8n, 7n]]);
  });

  test('A given number is passed as it is, a given text as its address, and its length is that of its bytes', () => {
    const given = none.with({ slot: 3, map: '1000 é\n', empty: '' });
    const list = [['prctl', { given: 'slot' }, { given: 'map' }, { given: 'map', length: true }, { given: 'empty', length: true }]];
    const [[, slot, map, length, empty]] = carryOut(list, { given }).called;
    assert.deepEqual([slot, toString(map), length, empty], [3n, '1000 é\n', 8n, 0n]);
  });

  test('Given bytes are passed as their address', () => {
    const given = none.with({ limit: { bytes: 'AP8=' } });
    const [[, address, length]] = carryOut([['prctl', { given: 'limit' }, { given: 'limit', length: true }]], { given }).called;
    assert.deepEqual([[...toBuffer(address, 2)], length], [[0, 255], 2n]);
    for (const value of [{}, null, true, 1.5, { bytes: 1 }]) assert.throws(() => none.with({ limit: value }), NotGiven);
  });

  test('What is given with one fork is not given with the next', () => {
    const given = none.with({ slot: 3 });
    assert.equal(given.with({ map: 'x' }).value('slot'), 3n);
    assert.throws(() => given.with({ map: 'x' }) && given.value('map'), /no value is given for map/);
  });

  test('The first call that fails ends the list, and says why, which, and with which error', () => {
    assert.throws(() => carryOut([['prctl', 1], ['openat', 2], ['close', 3]], { results: [0, -1] }),
      { message: 'why openat: openat failed, errno 1', errno: EPERM });
  });

  test('A read of nothing ends it: the server is gone', () => {
    const { alive, called } = carryOut([['read', 0], ['close', 1]], { results: [0] });
    assert.deepEqual([alive, called.length], [false, 1]);
    assert.equal(carryOut([['read', 0], ['close', 1]], { results: [1] }).alive, true);
  });

  test('A call that is not in the list of the runtime is named', () => {
    assert.throws(() => carryOut([['prctl'], ['execve', '/bin/sh']]), { message: /why execve.*the call execve/ });
    for (const name of ['constructor', 'execve']) assert.throws(() => carryOut([[name]]), UnknownCall);
  });

  test('A list of another form is refused', () => {
    const malformed = [['prctl', 1.5], ['prctl', null], ['prctl', true], ['prctl', {}], ['prctl', { was: 0 }], ['prctl', { was: -1 }],
      ['prctl', [1]], ['prctl', 1, 2, 3, 4, 5, 6, 7], ['syscall', 1, 2, 3, 4, 5, 6, 7, 8], [1]];
    for (const call of malformed) assert.throws(() => carryOut([call]), BrokenPeer, JSON.stringify(call));
    for (const call of [null, 'prctl', { call: 'prctl', why: 1 }, { call: 'prctl', why: '', arguments: {} }]) {
      assert.throws(() => new CallList({}, [call]), BrokenPeer, JSON.stringify(call));
    }
  });
});

/** Reads all lines of a stream that comes in the given parts. */
function linesOf(parts) {
  const waiting = parts.map((part) => Buffer.from(part));
  const libc = {
    ...idleLibc({}),
    readSome(fd, bytes, offset, length) {
      const part = waiting.shift() ?? Buffer.alloc(0);
      const taken = part.copy(bytes, offset, 0, length);
      if (taken < part.length) waiting.unshift(part.subarray(taken));
      return taken;
    },
  };
  const reader = new LineReader(libc, 0);
  const lines = [];
  for (let line = reader.read(); line !== null; line = reader.read()) lines.push(line);
  return lines;
}

describe('Lines of orders', () => {
  test('They are found in any division of their bytes', () => {
    const values = [{ text: 'é😀' }, { reap: 1 }, { text: '' }];
    const text = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    for (let size = 1; size <= text.length; size++) {
      const parts = [];
      for (let at = 0; at < text.length; at += size) parts.push(text.subarray(at, at + size));
      assert.deepEqual(linesOf(parts), values, `${size}`);
    }
  });

  test('They may be longer than what is read at once', () => {
    const values = [{ a: 'x'.repeat(10) }, { b: 'y'.repeat(300_000) }, { c: 'z'.repeat(70_000) }, { d: 1 }];
    assert.deepEqual(linesOf([values.map((value) => `${JSON.stringify(value)}\n`).join('')]), values);
  });

  test('A line without an end is none', () => {
    assert.deepEqual(linesOf(['{"reap": 1}\n{"reap": 2}']), [{ reap: 1 }]);
  });

  test('Orders and settings have their form', () => {
    assert.deepEqual(orderOf({ fork: 'a' }), { fork: 'a', given: {} });
    assert.deepEqual(orderOf({ reap: 3 }), { reap: 3 });
    const settings = { socket: '/s', before: [], child: [], filter: 'AAE=' };
    assert.deepEqual(setupOf(settings).filter, Buffer.from([0, 1]));
    for (const name of Object.keys(settings)) assert.throws(() => setupOf({ ...settings, [name]: 1 }), BrokenPeer, name);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ImportSyntaxError, blankImports, parseImports } from '../../../runtimes/node/script/imports.mjs';
import { Positions } from '../../../runtimes/node/script/positions.mjs';
import { ResultMeter } from '../../../runtimes/node/zygote/result-meter.mjs';
import { nameValue, stringValue } from '../../../runtimes/node/script/tokens.mjs';
import { xorshift128Plus } from '../../../runtimes/node/kernel/xorshift.mjs';

describe('Import declarations', () => {
  const parsed = (source) => parseImports(source, 0).map(({ specifier, attributes, namespace, names }) =>
    [specifier, attributes, namespace, names.map(({ exported, local, key }) => `${exported}=${local}=${key}`)]);

  test('Every form of the grammar is parsed', () => {
    assert.deepEqual(parsed("import 'a'"), [['a', null, null, []]]);
    assert.deepEqual(parsed("import{}from'a';import b from'b'"), [['a', null, null, []], ['b', null, null, ['default=b=default']]]);
    assert.deepEqual(parsed("import a,{b,c as d,default as e,'f g' as h,}from\"x\""),
      [['x', null, null, ['default=a=default', 'b=b=b', 'c=d=c', 'default=e=default', "f g=h='f g'"]]]);
    assert.deepEqual(parsed("import a, * as b from 'x' with { type: 'json', \"k\": 'v', }"),
      [['x', { type: 'json', k: 'v' }, 'b', ['default=a=default']]]);
    const keywords = "import from from 'x'\nimport as from 'y'\nimport { as, as as from } from 'z'";
    assert.deepEqual(parsed(keywords).map(([specifier]) => specifier), ['x', 'y', 'z']);
    assert.deepEqual(parsed("import/**/$_\\u0061/*\n*/from//\n'\\x41\\u{1F600}\\\n'"),
      [['A😀', null, null, ['default=$_\\u0061=default']]]);
  });

  test('The text after a declaration is not taken', () => {
    for (const rest of ["import('y')", 'import.meta', 'importer()', '']) assert.equal(parsed(`import 'x'\n${rest}`).length, 1, rest);
  });

  test('Text that is not a declaration is refused, with its position', () => {
    const cases = [['import', 6], ['import a', 8], ['import a b', 9], ["import {a b} from 'x'", 10], ['import a from x', 14],
      ["import 'a' 'b'", 11],
      ["import * from 'x'", 9], ["import 'a' with {type: json}", 23], ["import {'a'} from 'x'", 11], ["import a, b from 'x'", 10],
      ["import /* 'x'", 7]];
    for (const [source, offset] of cases) {
      assert.throws(() => parseImports(source, 0), (error) => error instanceof ImportSyntaxError && error.offset === offset, source);
    }
  });

  test('Blanking keeps the length and every line terminator', () => {
    const source = "import {\r\n a\u2028} from\n 'é😀'; rest";
    const blanked = blankImports(source, parseImports(source, 0));
    assert.equal(blanked.length, source.length);
    assert.equal(blanked.trimEnd().replaceAll(' ', ''), ';\r\n\u2028\nrest');
  });

  test('Literals and names have the values of ECMAScript', () => {
    for (const literal of ['"a\\n\\t\\0\\\\\\""', "'\\x41\\u0042\\u{43}'", "'\\\n'", "'\\q\\''", '"\u2028"']) {
      assert.equal(stringValue(literal), (0, eval)(literal), literal);
    }
    assert.equal(nameValue('\\u0061b\\u{63}'), 'abc');
  });
});

describe('A result message', () => {
  test('Its end is found in any division of its bytes, and nothing after it is taken', () => {
    const message = Buffer.concat([Buffer.from([0x56, 7, 0, 0, 0]), Buffer.from('"value"'), Buffer.from('after')]);
    for (let size = 1; size <= message.length; size++) {
      const meter = new ResultMeter();
      let taken = 0;
      for (let at = 0; at < message.length; at += size) {
        assert.equal(meter.complete, at >= 12);
        taken += meter.take(message.subarray(at, at + size));
      }
      assert.deepEqual([taken, meter.complete], [12, true]);
    }
  });

  test('With an empty payload it ends after the header', () => {
    const meter = new ResultMeter();
    assert.equal(meter.take(Buffer.from([0x4e, 0, 0, 0, 0, 1])), 5);
    assert.ok(meter.complete);
  });
});

describe('Math.random in JavaScript', () => {
  test('It is xorshift128+', () => {
    const mask = (1n << 64n) - 1n;
    const seed = Buffer.from('0123456789abcdef');
    let first = BigInt.asUintN(64, seed.readBigUInt64LE(0)), second = BigInt.asUintN(64, seed.readBigUInt64LE(8)) | (1n << 32n);
    const random = xorshift128Plus(seed);
    for (let at = 0; at < 1000; at++) {
      let mixed = first;
      first = second;
      mixed ^= (mixed << 23n) & mask;
      mixed ^= mixed >> 17n;
      mixed ^= first ^ (first >> 26n);
      second = mixed;
      assert.equal(random(), Number(((first + second) & mask) >> 11n) / 2 ** 53);
    }
  });
});

describe('Positions', () => {
  test('Without a map positions stay as they are, and no line is before the first', () => {
    assert.deepEqual(new Positions(null).original(3, 4), { line: 3, column: 4 });
    assert.deepEqual(new Positions(null).original(0, 4), { line: 1, column: 4 });
    assert.deepEqual(new Positions('null').original(3, 4), { line: 3, column: 4 });
  });
});

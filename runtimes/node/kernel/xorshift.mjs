// Math.random in JavaScript, for a node whose own generator cannot be reseeded: xorshift128+ on 32-bit halves.

/** Makes a function that returns numbers of 53 bits in [0, 1), seeded with 16 bytes. */
export function xorshift128Plus(seed) {
  let lowA = seed.readInt32LE(0), highA = seed.readInt32LE(4);
  let lowB = seed.readInt32LE(8), highB = seed.readInt32LE(12) | 1; // never all zero
  return function random() {
    let low = lowA, high = highA;
    lowA = lowB;
    highA = highB;
    high ^= (high << 23) | (low >>> 9);
    low ^= low << 23;
    low ^= (low >>> 17) | (high << 15);
    high ^= high >>> 17;
    low ^= lowA ^ ((lowA >>> 26) | (highA << 6));
    high ^= highA ^ (highA >>> 26);
    lowB = low;
    highB = high;
    const sumLow = (low >>> 0) + (lowA >>> 0);
    const sumHigh = (high + highA + (sumLow > 0xffffffff ? 1 : 0)) >>> 0;
    return (sumHigh * 0x200000 + ((sumLow >>> 0) >>> 11)) / 0x20000000000000;
  };
}

/** Replaces `Math.random` by such a function, which prints as a native one. */
export function replaceMathRandom(seed) {
  const random = xorshift128Plus(seed).bind(undefined); // a bound function prints as native code does
  Object.defineProperty(random, 'name', { value: 'random', configurable: true });
  Object.defineProperty(Math, 'random', { value: random, writable: true, enumerable: false, configurable: true });
}

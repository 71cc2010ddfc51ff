/** PBKDF2 over SHA-256 for pages that came by plain http, where the browser withholds its own. */
const FIRST = new Int32Array(8);
const ROUND = new Int32Array(64);
for (let prime = 2, found = 0; found < 64; prime++) {
  if (divisible(prime)) continue;
  if (found < 8) FIRST[found] = fraction(Math.sqrt(prime));
  ROUND[found++] = fraction(Math.cbrt(prime));
}

function divisible(n: number): boolean {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return true;
  return false;
}

function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}

const words = new Int32Array(64);
const at = (list: Int32Array, index: number) => list[index] as number;
const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** One block into `state`. */
function compress(state: Int32Array, block: Int32Array): void {
  words.set(block);
  for (let i = 16; i < 64; i++) {
    const early = at(words, i - 15);
    const late = at(words, i - 2);
    const low = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const high = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[i] = at(words, i - 16) + low + at(words, i - 7) + high;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const up = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + up + ((e & f) ^ (~e & g)) + at(ROUND, i) + at(words, i)) | 0;
    const down = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (down + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = at(state, i) + word));
}

/** The state after `message`, which follows `before` bytes already compressed into `start`. */
function digest(start: Int32Array, before: number, message: Uint8Array): Int32Array {
  const state = start.slice();
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, (before + message.length) * 8);
  for (let offset = 0; offset < padded.length; offset += 64) {
    compress(state, Int32Array.from({ length: 16 }, (_, i) => view.getInt32(offset + i * 4)));
  }
  return state;
}

function bytesOf(state: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => view.setInt32(i * 4, word));
  return new Uint8Array(view.buffer);
}

/** `length` up to 32 bytes: one block of output. */
export function pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array {
  const key = new Uint8Array(64);
  key.set(password.length > 64 ? bytesOf(digest(FIRST, 0, password)) : password);
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const state = FIRST.slice();
    const view = new DataView(key.map((byte) => byte ^ pad).buffer);
    compress(state, Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4)));
    return state;
  }) as [Int32Array, Int32Array];

  let mac = digest(outer, 64, bytesOf(digest(inner, 64, new Uint8Array([...salt, 0, 0, 0, 1]))));
  const sum = mac.slice();
  // The messages of all further rounds are 32 bytes: one block each, with the same end.
  const block = new Int32Array(16);
  block[8] = 0x80000000 | 0;
  block[15] = (64 + 32) * 8;
  const once = (start: Int32Array, message: Int32Array) => {
    block.set(message);
    const state = start.slice();
    compress(state, block);
    return state;
  };
  for (let i = 1; i < iterations; i++) {
    mac = once(outer, once(inner, mac));
    for (let j = 0; j < 8; j++) sum[j] = at(sum, j) ^ at(mac, j);
  }
  return bytesOf(sum).slice(0, length);
}

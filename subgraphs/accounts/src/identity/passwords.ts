import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export type Passwords = {
  /** A salted hash that names its own parameters, so that they can be raised later. */
  readonly hash: (password: string) => Promise<string>;
  /** Null stands for an unknown identity: it takes the same time and is never right. */
  readonly verify: (password: string, stored: string | null) => Promise<boolean>;
  /** True for a hash made with weaker parameters than those in force. */
  readonly isOutdated: (stored: string) => boolean;
};

type Parameters = { readonly cost: number; readonly blockSize: number; readonly parallel: number };

const saltBytes = 16;
const hashBytes = 32;
/** A hash takes 128 MB at full cost, so few are made at once; the others wait. */
const hashesAtOnceMax = 2;
const hashesWaitingMax = 200;
/** Requests end after 10 s. Work for those that nobody waits for would keep all others waiting. */
const waitMsMax = 5_000;

/**
 * scrypt by node:crypto off the main thread. `cost` is log2 of N; OWASP asks for 17 (r 8, p 1).
 * Under a flood `hash` and `verify` throw instead of waiting for longer than a request may take.
 */
export function createPasswords({ cost }: { readonly cost: number }): Passwords {
  const current: Parameters = { cost, blockSize: 8, parallel: 1 };
  const inTurn = createTurns();
  const decoy = format(current, randomBytes(saltBytes), randomBytes(hashBytes));

  async function hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    return format(current, salt, await inTurn(() => derive(password, salt, current)));
  }

  async function verify(password: string, stored: string | null): Promise<boolean> {
    const { parameters, salt, expected } = parse(stored ?? decoy);
    const actual = await inTurn(() => derive(password, salt, parameters));
    return timingSafeEqual(actual, expected) && stored !== null;
  }

  return { hash, verify, isOutdated: (stored) => parse(stored).parameters.cost < cost };
}

function derive(password: string, salt: Buffer, { cost, blockSize, parallel }: Parameters) {
  const N = 2 ** cost;
  const options: ScryptOptions = { N, r: blockSize, p: parallel, maxmem: 256 * N * blockSize };
  return new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

const format = ({ cost, blockSize, parallel }: Parameters, salt: Buffer, hash: Buffer): string =>
  ['scrypt', cost, blockSize, parallel, salt.toString('base64'), hash.toString('base64')].join('$');

function parse(stored: string) {
  const [kind, cost, blockSize, parallel, salt, hash] = stored.split('$');
  if (kind !== 'scrypt' || !salt || !hash) throw new Error('unknown form of password hash');
  return {
    parameters: { cost: Number(cost), blockSize: Number(blockSize), parallel: Number(parallel) },
    salt: Buffer.from(salt, 'base64'),
    expected: Buffer.from(hash, 'base64'),
  };
}

function createTurns() {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const askedAt = performance.now();
    if (running >= hashesAtOnceMax) {
      if (waiting.length >= hashesWaitingMax)
        throw new Error('too many passwords to check at once');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      if (performance.now() - askedAt > waitMsMax) {
        throw new Error('too many passwords to check: this one waited too long');
      }
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

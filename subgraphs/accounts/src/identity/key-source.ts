import { readFile } from 'node:fs/promises';
import type { Logger } from '@simplebank/chassis/logging';
import { readSigningKeys, type SigningKey } from '@simplebank/chassis/signing-keys';
import type { Clock } from '@simplebank/kernel/clock';

/** Where the signing keys of access tokens come from; never empty. */
export type KeySource = () => Promise<readonly SigningKey[]>;

/** A rotation is known this long after it was written: far less than a new key waits to sign. */
const freshMs = 5_000;

/** One private JWK or a set, as JSON text that never changes while this process runs. */
export function fixedKeys(json: string): KeySource {
  const keys = readSigningKeys(json);
  return async () => keys;
}

type FileOptions = { readonly file: string; readonly clock: Clock; readonly log: Logger };

/**
 * Keys in a file that is read again every five seconds while somebody asks. A file that cannot be
 * read later leaves the known keys in use, and is told once. Throws when the first reading fails.
 */
export async function keysInFile({ file, clock, log }: FileOptions): Promise<KeySource> {
  const read = async () => readSigningKeys(await readFile(file, 'utf8'));
  let known = await read();
  let readAt = clock.now().getTime();
  let isUnreadable = false;

  async function refresh(now: number): Promise<void> {
    readAt = now;
    try {
      known = await read();
      isUnreadable = false;
    } catch (error) {
      if (!isUnreadable) log.error({ error }, 'the token keys cannot be read, known ones stay');
      isUnreadable = true;
    }
  }

  return async () => {
    const now = clock.now().getTime();
    if (Math.abs(now - readAt) >= freshMs) await refresh(now);
    return known;
  };
}

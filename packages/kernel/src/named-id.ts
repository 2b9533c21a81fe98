import { createHash } from 'node:crypto';

/** The name space of this bank, so that nobody else's names make our ids. */
const bank = Buffer.from('5b1d6c1e3f0a4d7c9a2e8f60b7c4d915', 'hex');

/**
 * The same UUID for the same name, always and everywhere (RFC 9562, version 5).
 * `kind` keeps equal names of different things apart.
 */
export function namedId(kind: string, name: string): string {
  const hash = createHash('sha1').update(bank).update(`${kind}:${name}`).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

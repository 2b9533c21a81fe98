import { createHash } from 'node:crypto';

/** Our own name space for ids that are derived instead of drawn (RFC 9562, version 5). */
const nameSpace = '6d0c9f3a-52b1-4f5e-9c55-1f0a3c1f7b42';

/** The same names give the same id, so that a replay makes no second order. */
export function derivedId(...names: readonly string[]): string {
  const hash = createHash('sha1').update(Buffer.from(nameSpace.replaceAll('-', ''), 'hex'));
  const bytes = hash.update(names.join('/')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, nth) => hex.slice(cuts[nth], end))
    .join('-');
}

/** Hash of a part of a strategy order, for the comparison of repeats. */
export const partHash = (assetId: string, amount: string): string =>
  createHash('sha256')
    .update(JSON.stringify([assetId, amount]))
    .digest('hex');

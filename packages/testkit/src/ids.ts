import { createHash } from 'node:crypto';
import type { NewId } from '@simplebank/kernel/ids';

/** UUIDs of version 4 by their shape, the same in the same order for the same seed. */
export function createSeededIds(seed: string | number): NewId {
  let count = 0;
  return () => {
    const bytes = createHash('sha256').update(`${seed}:${count++}`).digest().subarray(0, 16);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    const cuts = [0, 8, 12, 16, 20, 32];
    return cuts
      .slice(1)
      .map((end, part) => hex.slice(cuts[part], end))
      .join('-');
  };
}

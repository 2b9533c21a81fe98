import { createHash } from 'node:crypto';

/** Tells whether a repeated key comes with the same command and input (domain §1). */
export const requestHashOf = (command: string, input: object): string =>
  createHash('sha256')
    .update(JSON.stringify([command, input]))
    .digest('hex');

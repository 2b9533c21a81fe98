import { createHash } from 'node:crypto';

/** Hash of a command's name and its canonical input: decimals as plain text, nothing undefined. */
export const requestHash = (
  command: string,
  input: Readonly<Record<string, string | null>>,
): string => {
  const canonical = Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command, canonical]))
    .digest('hex');
};

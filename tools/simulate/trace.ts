import { createHash } from 'node:crypto';

/** Everything that a run did, as one hash, and its last lines in words. */
export type Trace = {
  readonly note: (line: string) => void;
  /** Equal for two runs only if they did the same, statement by statement. */
  readonly hash: () => string;
  readonly tail: () => readonly string[];
};

const tailMax = 400;
const hashChars = 16;

export function createTrace(hear: (line: string) => void = () => {}): Trace {
  const digest = createHash('sha256');
  const lines: string[] = [];
  return {
    note(line) {
      digest.update(line).update('\n');
      lines.push(line);
      if (lines.length > 2 * tailMax) lines.splice(0, tailMax);
      hear(line);
    },
    hash: () => digest.copy().digest('hex').slice(0, hashChars),
    tail: () => lines.slice(-tailMax),
  };
}

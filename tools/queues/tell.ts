import type { Letter, OpenedLetter } from '@simplebank/chassis/operator';
import { age, table } from '../operators/table.ts';

const errorCharsMax = 60;
const head = ['state', 'subscriber', 'event', 'type', 'attempts', 'behind', 'age', 'request'];

const shortened = (error: string): string =>
  error.length > errorCharsMax ? `${error.slice(0, errorCharsMax - 1)}…` : error;

const rowOf = (letter: Letter) => [
  ...[letter.state, letter.subscriber, letter.eventId, letter.type, String(letter.attempts)],
  ...[String(letter.behind), age(letter.ageMs), letter.requestId ?? '–', shortened(letter.error)],
];

/** For a person: one line each. */
export function tellLetters(letters: readonly Letter[]): string {
  const dead = letters.filter(({ state }) => state === 'DEAD').length;
  const counts = `${dead} dead, ${letters.length - dead} waiting`;
  if (letters.length === 0) return counts;
  return `${table([[...head, 'error'], ...letters.map(rowOf)])}\n${counts}`;
}

/** One with all that is known of it; its bytes last. */
export function tellLetter({ body, ...letter }: OpenedLetter): string {
  const rows = [
    ['event', letter.eventId],
    ['type', letter.type],
    ['aggregate', letter.aggregateId],
    ['subscriber', letter.subscriber],
    ['state', letter.state],
    ['attempts', String(letter.attempts)],
    ['age', age(letter.ageMs)],
    ['behind it', String(letter.behind)],
    ['request', letter.requestId ?? '–'],
    ['error', letter.error],
  ];
  return `${table(rows)}\n${body}`;
}

import { expect, test } from 'vitest';
import { endOf, runEvents, runStatuses, runTransitions, targetOf } from './transitions.ts';

/** Domain §6.4: what may follow each state; every other state ends the run. */
const nextStates = {
  QUEUED: ['SELLING', 'BUYING', 'CANCELED', 'FAILED', 'TIMED_OUT'],
  SELLING: ['BUYING', 'CANCELED_MID_RUN', 'FAILED', 'TIMED_OUT'],
  BUYING: ['COMPLETED', 'COMPLETED_ADJUSTED', 'CANCELED_MID_RUN', 'FAILED', 'TIMED_OUT'],
} as const;
const followersOf = (state: string): readonly string[] =>
  Object.hasOwn(nextStates, state) ? nextStates[state as keyof typeof nextStates] : [];

test('every (state, event) pair leads where the table of the domain says, or nowhere', () => {
  for (const from of runStatuses) {
    const reached = runEvents.flatMap((event) => targetOf(from, event) ?? []);
    expect([from, reached.toSorted()]).toEqual([from, followersOf(from).toSorted()]);
  }
  expect(runEvents.map((event) => targetOf('NONE', event))).toEqual([
    'QUEUED',
    ...runEvents.slice(1).map(() => null),
  ]);
});

test('a run has ended exactly when no event leads on', () => {
  const ends = runStatuses.filter((status) => endOf(status) !== null);
  expect(ends).toEqual(runStatuses.filter((status) => followersOf(status).length === 0));
  expect(new Set(runTransitions.map(([, , to]) => to))).toEqual(new Set(runStatuses));
});

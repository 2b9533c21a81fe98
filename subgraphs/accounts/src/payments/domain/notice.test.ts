import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bookingOf,
  foldNotices,
  type NoticeKind,
  type Open,
  returnWaitMs,
  verdictOn,
} from './notice.ts';
import { type PaymentKind, type PaymentStatus, paymentKinds, paymentStatuses } from './payment.ts';
import { transitionOf } from './transitions.ts';

const runs = 1_000;
const now = new Date('2026-11-20T15:00:00.000Z');

const notice = (kind: NoticeKind, id: string = kind): Open => ({
  ...{ id, kind, reason: `${kind} by test`, receivedAt: now },
});
const statesOf = (kind: PaymentKind, status: PaymentStatus, open: readonly Open[]) =>
  foldNotices({ kind, status }, open, { now }).states.map(({ state }) => state);

/** The histories that an honest provider can have with one payment. */
const honest: readonly (readonly NoticeKind[])[] = [
  [],
  ['CONFIRMED'],
  ['REFUSED'],
  ['CONFIRMED', 'RETURNED'],
];
const endOf: Readonly<Record<string, PaymentStatus>> = {
  '': 'SUBMITTED',
  CONFIRMED: 'COMPLETED',
  REFUSED: 'FAILED',
  'CONFIRMED,RETURNED': 'RETURNED',
};

/** An honest history told in any order, each notice any number of times, in batches of any size. */
const tellings = fc.constantFrom(...honest).chain((history) =>
  fc.array(fc.nat({ max: Math.max(history.length - 1, 0) }), { maxLength: 6 }).chain((again) => {
    const told = [...history, ...again.flatMap((index) => history[index] ?? [])];
    const order = fc.shuffledSubarray([...told.keys()], { minLength: told.length });
    return fc.record({
      history: fc.constant(history),
      told: order.map((places) => places.flatMap((place) => told[place] ?? [])),
      size: fc.integer({ min: 1, max: 4 }),
    });
  }),
);

test('told in any order and any number of times, a payment ends in the same state', () => {
  const property = fc.property(
    fc.constantFrom(...paymentKinds),
    tellings,
    (kind, { history, told, size }) => {
      let status: PaymentStatus = 'SUBMITTED';
      let open: Open[] = [];
      let moves = 0;
      const inbox = told.map((each, index) => notice(each, String(index)));
      for (let start = 0; start < inbox.length; start += size) {
        open = [...open, ...inbox.slice(start, start + size)];
        const folded = foldNotices({ kind, status }, open, { now });
        for (const { trigger } of folded.moves) {
          status = transitionOf({ kind, status }, trigger)?.to ?? status;
          moves += 1;
        }
        const left = new Map(folded.states.map(({ id, state }) => [id, state]));
        expect([...left.values()]).not.toContain('PARKED');
        open = open.filter(({ id }) => left.get(id) === 'WAITING');
      }
      expect({ status, open }).toEqual({ status: endOf[history.join(',')], open: [] });
      expect(moves).toBe(history.length);
    },
  );
  fc.assert(property, { numRuns: runs });
});

test('whatever is told, no move leaves the table and every notice gets a state', () => {
  const anything = fc.record({
    kind: fc.constantFrom(...paymentKinds),
    status: fc.constantFrom(...paymentStatuses),
    told: fc.array(fc.constantFrom<NoticeKind>('CONFIRMED', 'REFUSED', 'RETURNED'), {
      maxLength: 6,
    }),
    overdue: fc.boolean(),
  });
  const property = fc.property(anything, ({ kind, status, told, overdue }) => {
    const open = told.map((each, index) => notice(each, String(index)));
    const { moves, states } = foldNotices({ kind, status }, open, { now, overdue });
    let at: PaymentStatus = status;
    for (const { trigger } of moves) {
      const next = transitionOf({ kind, status: at }, trigger);
      expect(next, `${at} ${trigger}`).not.toBeNull();
      at = next?.to ?? at;
    }
    expect(states.map(({ id }) => id)).toEqual(open.map(({ id }) => id));
    const applied = states.filter(({ state }) => state === 'APPLIED').length;
    expect(applied).toBe(moves.filter(({ trigger }) => trigger !== 'EXPIRE').length);
  });
  fc.assert(property, { numRuns: runs });
});

describe('a notice', () => {
  test('is applied, repeats, waits or is parked: every kind, state and notice', () => {
    const verdicts = paymentKinds.map((kind) => [
      kind,
      ...paymentStatuses.map((status) =>
        (['CONFIRMED', 'REFUSED', 'RETURNED'] as const)
          .map((each) => verdictOn({ kind, status }, each))
          .join(' '),
      ),
    ]);
    const row = [
      'PARK PARK PARK', // CREATED: the provider has never seen it
      'APPLY APPLY WAIT', // SUBMITTED
      'REPEAT PARK APPLY', // COMPLETED
      'PARK REPEAT PARK', // FAILED
      'PARK PARK PARK', // CANCELED
      'REPEAT PARK REPEAT', // RETURNED
    ];
    expect(verdicts).toEqual([
      ['DEPOSIT', ...row],
      ['WITHDRAWAL', ...row],
    ]);
  });

  test('about no payment of ours is parked', () => {
    expect(foldNotices(null, [notice('CONFIRMED')], { now })).toEqual({
      moves: [],
      states: [{ id: 'CONFIRMED', state: 'PARKED' }],
    });
  });

  test('of a return waits a day for its confirmation, not longer', () => {
    expect(statesOf('DEPOSIT', 'SUBMITTED', [notice('RETURNED')])).toEqual(['WAITING']);
    const old = { ...notice('RETURNED'), receivedAt: new Date(now.getTime() - returnWaitMs) };
    expect(statesOf('DEPOSIT', 'SUBMITTED', [old])).toEqual(['PARKED']);
  });

  test('of a return is for a person to decide once its payment has failed', () => {
    const open = [notice('RETURNED')];
    const payment = { kind: 'DEPOSIT', status: 'SUBMITTED' } as const;
    const { moves, states } = foldNotices(payment, open, { now, overdue: true });
    expect(moves).toEqual([{ trigger: 'EXPIRE', reason: 'PROVIDER_SILENT' }]);
    expect(states).toEqual([{ id: 'RETURNED', state: 'PARKED' }]);
  });

  test('that came in time keeps an overdue payment from failing', () => {
    const payment = { kind: 'WITHDRAWAL', status: 'SUBMITTED' } as const;
    const { moves } = foldNotices(payment, [notice('CONFIRMED')], { now, overdue: true });
    expect(moves).toEqual([{ trigger: 'CONFIRM', reason: null }]);
  });
});

test('staff books what has happened after all, and nothing else', () => {
  const booked = paymentStatuses.flatMap((status) =>
    (['CONFIRMED', 'REFUSED', 'RETURNED'] as const).flatMap((kind) => {
      const move = bookingOf({ kind: 'DEPOSIT', status }, notice(kind));
      return move ? [`${status} ${kind} ${move.trigger}`] : [];
    }),
  );
  expect(booked).toEqual([
    'SUBMITTED CONFIRMED CONFIRM',
    'SUBMITTED REFUSED REFUSE',
    'COMPLETED REFUSED RETURN',
    'COMPLETED RETURNED RETURN',
    'FAILED CONFIRMED BOOK_LATE',
  ]);
});

import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allHappened, type Happening, happened, type VenueOrder } from './venue-order.ts';

const orderId = '5c1e9a3c-6a63-4b3e-9d6e-000000000001';
const at = new Date('2026-01-30T15:00:00Z');
const anOrder = (given: Partial<VenueOrder> = {}): VenueOrder => ({
  ...{ orderId, state: 'SENT', outcome: null, venueOrderId: null, cancelState: null },
  ...{ executions: 0, restLost: false, eventVersion: 0 },
  ...given,
});
const placed: Happening = { kind: 'PLACED', venueOrderId: 'v-1', at };
const execution = (number: number): Happening => ({
  kind: 'EXECUTED',
  venueOrderId: 'v-1',
  execution: {
    executionId: `e-${number}`,
    quantity: new Decimal(number),
    price: new Decimal(10),
    executedAt: at,
  },
});
const ended = (outcome: 'FILLED' | 'CANCELED' | 'EXPIRED'): Happening => ({
  kind: 'ENDED',
  outcome,
});
const asked: Happening = { kind: 'CANCEL_ASKED' };
const kinds = (order: VenueOrder, ...happenings: readonly Happening[]) =>
  allHappened(order, happenings).news.map(({ kind }) => kind);

test('a trade that comes before the answer to the placement tells of the placement first', () => {
  expect(kinds(anOrder(), execution(1), placed, ended('FILLED'))).toEqual(['PLACED', 'EXECUTED']);
});

test('the end tells how many executions there were', () => {
  const { news } = allHappened(anOrder(), [placed, execution(1), execution(2), ended('EXPIRED')]);
  expect(news.at(-1)).toEqual({ kind: 'EXPIRED', executions: 2 });
});

test('a cancel of an order that is not sent ends it, and nothing is ever sent', () => {
  const { order, news } = happened(anOrder({ state: 'INTENT' }), asked);
  expect(news).toEqual([{ kind: 'CANCELED', executions: 0 }]);
  expect(order).toMatchObject({ state: 'DONE', outcome: 'CANCELED', eventVersion: 1 });
});

test('a fill that meets a cancel wins, and the cancel is answered once', () => {
  const happenings = [placed, asked, execution(1), ended('FILLED'), asked] as const;
  expect(kinds(anOrder(), ...happenings)).toEqual(['PLACED', 'EXECUTED', 'CANCEL_REFUSED']);
});

test('a trade after the end is still told, because the venue has made it', () => {
  const canceled = [placed, asked, ended('CANCELED'), execution(1)] as const;
  expect(kinds(anOrder(), ...canceled)).toEqual(['PLACED', 'CANCELED', 'EXECUTED']);
});

test('a reject is final', () => {
  const rejected: Happening = { kind: 'REJECTED', reason: 'not traded here' };
  expect(kinds(anOrder(), rejected, rejected, ended('EXPIRED'))).toEqual(['FAILED']);
});

const anything = fc.constantFrom<Happening>(
  placed,
  ended('FILLED'),
  ended('CANCELED'),
  ended('EXPIRED'),
  asked,
  { kind: 'REJECTED', reason: 'no' },
  { kind: 'CANCEL_ANSWERED', accepted: true },
  { kind: 'CANCEL_ANSWERED', accepted: false },
  execution(1),
);

test('versions count the news without a gap and an end is told at most once', () => {
  const states = fc.constantFrom('INTENT' as const, 'SENT' as const);
  fc.assert(
    fc.property(states, fc.array(anything, { maxLength: 12 }), (state, happenings) => {
      const { order, news } = allHappened(anOrder({ state }), happenings);
      expect(order.eventVersion).toBe(news.length);
      const ends = news.filter(({ kind }) => ['CANCELED', 'EXPIRED', 'FAILED'].includes(kind));
      expect(ends.length).toBeLessThanOrEqual(1);
      expect(order.state === 'DONE').toBe(order.outcome !== null);
    }),
  );
});

const missed: Happening = { kind: 'REBASE_MISSED' };

test('an order that the venue filled before a split tells the rest as canceled, once', () => {
  const filled = [placed, execution(1), ended('FILLED')];
  expect(kinds(anOrder(), ...filled, missed, missed)).toEqual(['PLACED', 'EXECUTED', 'CANCELED']);
  expect(kinds(anOrder(), placed, missed, execution(1), ended('FILLED'), missed)).toEqual([
    ...['PLACED', 'EXECUTED', 'CANCELED'],
  ]);
  expect(kinds(anOrder(), placed, ended('EXPIRED'), missed)).toEqual(['PLACED', 'EXPIRED']);
  expect(kinds(anOrder(), placed, missed, ended('CANCELED'))).toEqual(['PLACED', 'CANCELED']);
});

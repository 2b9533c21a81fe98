import { readFileSync } from 'node:fs';
import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aNewDossier, aSplit, marketTime, someTerms } from '../../test/builders.ts';
import { type Advance, advance } from './advance.ts';
import type { Dossier } from './decide.ts';
import { holdOf, totalOf } from './fees.ts';
import { asOf, begin, type Entry, replay } from './history.ts';
import type { Message } from './message.ts';
import { commissionTermsOf, type Terms } from './order.ts';

const dayMs = 86_400_000;
/** Two days after the market time, when the split of the day between has begun. */
const later = new Date(marketTime.getTime() + 2 * dayMs);
const gtc = { timeInForce: 'GTC', expiresAt: new Date('2026-10-01T20:00:00.000Z') } as const;

type Fill = { readonly nth: number; readonly quantity: string; readonly price: string };
/** Traded before the split, and since. */
const [before, since] = [marketTime, later].map(
  (executedAt) =>
    ({ nth, quantity, price }: Fill): Message => ({
      ...{ event: 'EXECUTED', executionId: `execution-${nth}`, executedAt },
      ...{ quantity: new Decimal(quantity), price: new Decimal(price) },
    }),
) as [(fill: Fill) => Message, (fill: Fill) => Message];

type Told = Advance & { readonly history: readonly Entry[] };

/** Tells an order messages one by one, and sees that its history says what its row says. */
function tell(change: Partial<Terms>, messages: readonly Message[]): Told {
  const terms = someTerms({ ...gtc, ...change });
  const first = begin(terms, null);
  let told: Told = {
    ...{ steps: [], misfits: [], history: [first.entry] },
    dossier: { ...aNewDossier(), order: first.order },
  };
  messages.forEach((message, nth) => {
    const now = new Date(later.getTime() + nth * 1_000);
    const causeId = message.event === 'REBASED' ? null : `event-${nth}`;
    const next = advance(told.dossier, message, { now, marketOpen: true, causeId });
    const history = [...told.history, ...next.steps.map(({ entry }) => entry)];
    told = { ...next, misfits: [...told.misfits, ...next.misfits], history };
    expect(replay(told.dossier.order, history)).toEqual(told.dossier.order);
  });
  const { order } = told.dossier;
  expect(asOf(order, told.history, marketTime)).toEqual(first.order);
  return told;
}

const open: readonly Message[] = [{ event: 'RESERVED' }, { event: 'PLACED', venueOrderId: 'V-1' }];

const shown = ({ dossier: { order } }: { readonly dossier: Dossier }) => ({
  status: order.status,
  code: order.code,
  quantity: order.quantity?.toFixed(),
  filled: order.filledQuantity.toFixed(),
  limit: order.limitPrice?.toFixed(),
});

const examples = z
  .object({
    examples: z.object({
      limitOrder: z.array(
        z.object({
          ratio: z.string(),
          side: z.enum(['BUY', 'SELL']),
          quantity: z.string(),
          limit: z.string(),
          quantityAfter: z.string(),
          limitAfter: z.string(),
        }),
      ),
    }),
  })
  .parse(
    JSON.parse(
      readFileSync(
        new URL('../../../../tests/data/corporate-actions.json', import.meta.url),
        'utf8',
      ),
    ),
  );

test.each(examples.examples.limitOrder)('a published example: $side $quantity at $limit', (one) => {
  const [numerator = 1, denominator = 1] = one.ratio.split('/').map(Number);
  const price = new Decimal(one.limit);
  const terms = { side: one.side, limitPrice: price, venuePrice: price };
  const quantity = new Decimal(one.quantity);
  const told = tell({ ...terms, quantity }, [...open, aSplit({ numerator, denominator })]);
  const { quantityAfter, limitAfter } = one;
  expect(told.dossier.order.limitPrice?.toFixed(2)).toBe(limitAfter);
  expect(shown(told)).toMatchObject({ status: 'PLACED', quantity: quantityAfter, code: null });
});

const old = before({ nth: 1, quantity: '4', price: '50' });
const young = since({ nth: 2, quantity: '5', price: '12.5' });

describe('an order of 10 at 50 that is split 4 for 1', () => {
  test('keeps what was executed and counts the rest in new shares', () => {
    const told = tell({}, [...open, old, aSplit(), young]);
    expect(shown(told)).toMatchObject({ quantity: '28', filled: '9', limit: '12.5' });
    const [value, fees] = [told.dossier.order.filledValue, totalOf(told.dossier.order.fees)];
    expect([value.toFixed(), fees.toFixed()]).toEqual(['262.5', '0.26']);
  });

  test('takes an execution of before the split in old shares, however late it is told', () => {
    const messages = [old, aSplit(), young, aSplit(), old];
    const inOrder = shown(tell({}, [...open, ...messages]));
    for (const permuted of permutations(messages)) {
      const told = tell({}, [...open, ...permuted]);
      expect(shown(told)).toEqual(inOrder);
      expect(told.misfits).toEqual([]);
    }
  });

  test('ends alike whatever comes first of executions, the split and the end', () => {
    const end = { event: 'VENUE_CANCELED', executions: 2 } as const;
    const inOrder = shown(tell({}, [...open, old, aSplit(), young, end]));
    expect(inOrder).toMatchObject({ status: 'CANCELED', quantity: '28', filled: '9' });
    for (const permuted of permutations([old, aSplit(), young, end, end])) {
      expect(shown(tell({}, [...open, ...permuted]))).toEqual(inOrder);
    }
  });

  test('is filled by old shares alone, by new ones alone, and by both, in any order', () => {
    const rest = [
      before({ nth: 3, quantity: '6', price: '50' }),
      since({ nth: 4, quantity: '24', price: '12.5' }),
    ];
    for (const last of rest) {
      const inOrder = shown(tell({}, [...open, old, aSplit(), last]));
      expect(inOrder.status).toBe('FILLED');
      for (const permuted of permutations([old, aSplit(), aSplit()])) {
        expect(shown(tell({}, [...open, ...permuted, last]))).toEqual(inOrder);
      }
    }
  });

  test('is overfilled past its new quantity, never before', () => {
    const [enough, one] = ['24', '1'].map((quantity, nth) =>
      since({ nth: nth + 5, quantity, price: '12' }),
    ) as [Message, Message];
    const told = tell({}, [...open, old, aSplit(), enough, one]);
    expect(told.misfits.map(({ reason }) => reason)).toEqual(['ILLEGAL_TRANSITION']);
    const past = tell({}, [...open, old, aSplit(), since({ nth: 7, quantity: '25', price: '12' })]);
    expect(past.misfits.map(({ reason }) => reason)).toEqual(['OVERFILL']);
  });
});

test('two splits meet an order in the order of their ex-dates, whichever is told first', () => {
  const second = { actionId: 'action-2', exDate: '2026-07-17', numerator: 1, denominator: 2 };
  const splits = [aSplit(), aSplit(second)];
  const inOrder = shown(tell({}, [...open, old, ...splits]));
  expect(inOrder).toMatchObject({ status: 'PARTIALLY_FILLED', quantity: '16', limit: '25' });
  for (const permuted of permutations([old, ...splits])) {
    expect(shown(tell({}, [...open, ...permuted]))).toEqual(inOrder);
  }
});

describe('what no whole number of shares, or no price, is left of is canceled', () => {
  const third = aSplit({ numerator: 1, denominator: 3 });
  const [asked, canceled] = ['CANCEL_PENDING', 'CANCELED'].map((status) => ({
    ...{ status, code: 'CORPORATE_ACTION' },
  }));

  test('before the market has seen it at once, else through the venue', () => {
    expect(shown(tell({}, [third]))).toMatchObject(canceled ?? {});
    expect(shown(tell({}, [...open, third]))).toMatchObject(asked ?? {});
    const end = { event: 'VENUE_CANCELED', executions: 0 } as const;
    expect(shown(tell({}, [...open, third, end]))).toMatchObject(canceled ?? {});
  });

  test('a late execution of before the split can leave no whole shares, too', () => {
    const halves = aSplit({ numerator: 3, denominator: 2 });
    const one = before({ nth: 1, quantity: '1', price: '50' });
    expect(shown(tell({}, [...open, halves]))).toMatchObject({ status: 'PLACED', quantity: '15' });
    expect(shown(tell({}, [...open, halves, one]))).toMatchObject({ ...asked, quantity: '14.5' });
    expect(shown(tell({}, [...open, one, halves]))).toMatchObject({ ...asked, quantity: '14.5' });
  });

  test('a price that falls below the smallest tick is none', () => {
    const cheap = new Decimal('0.0001');
    const told = tell({ limitPrice: cheap, venuePrice: cheap }, [...open, aSplit()]);
    expect(shown(told)).toMatchObject({ ...asked, limit: '0.0001' });
  });

  test('staff decide when the venue refuses to cancel it, or traded more than there was', () => {
    const refused = tell({}, [...open, third, { event: 'CANCEL_REFUSED' }]);
    expect(shown(refused).status).toBe('PLACED');
    expect(refused.misfits.map(({ reason }) => reason)).toEqual(['CORPORATE_ACTION']);
    const traded = tell({}, [...open, since({ nth: 1, quantity: '9', price: '50' }), third]);
    expect(shown(traded)).toMatchObject({ status: 'FILLED', quantity: '9', filled: '9' });
    expect(traded.misfits.map(({ reason }) => reason)).toEqual(['CORPORATE_ACTION']);
  });

  test('orders of a day may keep parts of a share where the asset has them', () => {
    const day = { timeInForce: 'DAY', quantity: new Decimal('2.5') } as const;
    const told = tell(day, [{ event: 'RESERVED' }, third]);
    expect(shown(told)).toMatchObject({ status: 'OPEN', quantity: '0.833333333' });
    const whole = aSplit({ numerator: 1, denominator: 3 }, { fractionable: false });
    expect(shown(tell(day, [whole]))).toMatchObject(canceled ?? {});
    const dust = { ...day, quantity: new Decimal('0.000000002') };
    expect(shown(tell(dust, [third]))).toMatchObject({ ...canceled, quantity: '0.000000002' });
  });
});

const ratio = fc.record({
  numerator: fc.integer({ min: 1, max: 20 }),
  denominator: fc.integer({ min: 1, max: 6 }),
});

/** A part of what is left, traded in shares and at the limit of before the last `ago` splits. */
const parts = fc.array(
  fc.record({ percent: fc.integer({ min: 1, max: 100 }), ago: fc.integer({ min: 0, max: 2 }) }),
  { minLength: 1, maxLength: 4 },
);
const sizes = fc.record({
  shares: fc.integer({ min: 1, max: 4_000 }),
  cents: fc.integer({ min: 100, max: 90_000 }),
});

/** One more message, told to an order that goes on from there. */
function next(dossier: Dossier, message: Message): Dossier {
  const at = { now: later, marketOpen: true, causeId: 'event' };
  const { dossier: after, misfits } = advance(dossier, message, at);
  expect(misfits).toEqual([]);
  return after;
}

test('law 3: the hold covers cost and fee through any splits and executions at the limit', () => {
  const splitting = fc.array(ratio, { maxLength: 2 });
  const property = fc.property(sizes, parts, splitting, ({ shares, cents }, cut, ratios) => {
    const [price, quantity] = [new Decimal(cents).div(100), new Decimal(shares)];
    const holdAmount = holdOf(quantity, price, commissionTermsOf(someTerms()));
    const prices = { limitPrice: price, venuePrice: price };
    const terms = someTerms({ ...gtc, ...prices, quantity, holdAmount });
    let dossier: Dossier = { ...aNewDossier(), order: begin(terms, null).order };
    for (const message of open) dossier = next(dossier, message);
    const limits = [price];
    for (const [nth, { percent, ago }] of cut.entries()) {
      const split = ratios[nth];
      const exDate = `2026-07-${16 + nth}`;
      if (split) dossier = next(dossier, aSplit({ ...split, exDate, actionId: exDate }));
      if (split) limits.push(dossier.order.venuePrice);
      const basis = Math.max(0, limits.length - 1 - ago);
      const left = (dossier.order.quantity ?? quantity).minus(dossier.order.filledQuantity);
      const size = ratios
        .slice(basis, limits.length - 1)
        .reduce((some, one) => some.times(one.denominator).div(one.numerator), left)
        .times(percent)
        .div(100)
        .floor();
      if (size.isZero() || dossier.order.status === 'FILLED') continue;
      const executedAt = new Date(marketTime.getTime() + basis * dayMs);
      const at = { executedAt, executionId: `execution-${nth}`, price: limits[basis] ?? price };
      dossier = next(dossier, { event: 'EXECUTED', quantity: size, ...at });
      const cost = dossier.order.filledValue.plus(totalOf(dossier.order.fees));
      expect(cost.lessThanOrEqualTo(holdAmount)).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 1_000 });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, nth) =>
    permutations(items.toSpliced(nth, 1)).map((rest) => [item, ...rest]),
  );
}

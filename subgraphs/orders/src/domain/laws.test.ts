import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aDraft, aNewDossier, knowing, marketTime, someTerms } from '../../test/builders.ts';
import { advance } from './advance.ts';
import type { Dossier } from './decide.ts';
import { totalOf } from './fees.ts';
import { asOf, begin, type Entry, replay } from './history.ts';
import type { Message } from './message.ts';
import type { Order, Terms } from './order.ts';
import { place } from './placement.ts';

/** Histories that nobody thought of, a thousand of each law and more (domain §13). */
const runs = { numRuns: 1_500 };
const day = 86_400_000;

type Fill = { readonly quantity: Decimal; readonly price: Decimal; readonly days: number };

const executed = ({ quantity, price, days }: Fill, nth: number): Message => ({
  event: 'EXECUTED',
  executionId: `execution-${nth}`,
  quantity,
  price,
  executedAt: new Date(marketTime.getTime() + days * day),
});

/** Every state of an order on its way through these messages, its first included. */
function statesOf(first: Dossier, messages: readonly Message[]): Order[] {
  let dossier = first;
  const states = [first.order];
  messages.forEach((message, nth) => {
    const at = { now: marketTime, marketOpen: true, causeId: `event-${nth}` };
    const told = advance(dossier, message, at);
    if (told.misfits.length > 0) throw new Error('a fill within the limit does not fit');
    dossier = told.dossier;
    states.push(...told.steps.map(({ order }) => order));
  });
  return states;
}

const filled = (terms: Terms, fills: readonly Fill[]): Order[] =>
  statesOf({ ...aNewDossier(), order: begin(terms, null).order }, [
    { event: 'RESERVED' },
    ...fills.map(executed),
  ]);

const scaled = (min: number, max: number, decimals: number) =>
  fc.integer({ min, max }).map((value) => new Decimal(value).div(new Decimal(10).pow(decimals)));

/** On the tick: 0.0001 to 0.9999, and 1.00 to 2,000.00. */
const tickPrice = fc.oneof(scaled(1, 9_999, 4), scaled(100, 200_000, 2));
/** From the smallest fraction to more shares than most own. */
const quantities = fc.oneof(scaled(1, 1_000, 9), scaled(1, 2_000_000, 6), scaled(1, 4_000, 0));
const share = fc
  .integer({ min: 1, max: 1_000_000 })
  .map((part) => new Decimal(part).div(1_000_000));
/** How much of the rest an execution takes, how far its price is better, and its day. */
const slices = fc.array(fc.tuple(share, share, fc.integer({ min: 0, max: 1 })), {
  minLength: 1,
  maxLength: 7,
});
type Slices = readonly (readonly [Decimal, Decimal, number])[];
const plan = fc.constantFrom('standard' as const, 'zero' as const);

function placed(change: Parameters<typeof aDraft>[0], known: Parameters<typeof knowing>[0]): Terms {
  const result = place(aDraft(change), knowing(known));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** A price at the limit or better, with as many decimals as an execution may have. */
const better = (limit: Decimal, part: Decimal): Decimal =>
  Decimal.max(limit.times(part).toDecimalPlaces(6, Decimal.ROUND_UP), '0.000001');

/** Executions of an order by quantity, the last one for all that is left when asked. */
function byQuantity(terms: Terms, cut: Slices, isWhole: boolean): Fill[] {
  let rest = terms.quantity ?? new Decimal(0);
  const fills = cut.flatMap(([part, cheaper, days], nth) => {
    const isLast = isWhole && nth === cut.length - 1;
    const taken = isLast ? rest : rest.times(part).toDecimalPlaces(9, Decimal.ROUND_DOWN);
    if (taken.isZero()) return [];
    rest = rest.minus(taken);
    return [{ quantity: taken, price: better(terms.venuePrice, cheaper), days }];
  });
  return fills;
}

/** Executions of an order by amount, each for a part of what is left, until it is whole. */
function byAmount(terms: Terms, cut: Slices): Fill[] {
  let rest = terms.tradeValue ?? new Decimal(0);
  return cut.flatMap(([part, cheaper, days]) => {
    if (rest.lessThan(terms.venuePrice.times('0.000000001'))) return [];
    const price = better(terms.venuePrice, cheaper);
    const quantity = rest.times(part).div(price).toDecimalPlaces(9, Decimal.ROUND_DOWN);
    if (quantity.isZero()) return [];
    rest = rest.minus(quantity.times(price));
    return [{ quantity, price, days }];
  });
}

const costOf = (order: Order) => order.filledValue.plus(totalOf(order.fees));

test('law 3: the hold of a buy by quantity covers cost and fees after every execution', () => {
  const types = fc.constantFrom('LIMIT' as const, 'STOP' as const, 'STOP_LIMIT' as const);
  const property = fc.property(
    fc.record({ type: types, price: tickPrice, quantity: quantities, plan }),
    slices,
    fc.boolean(),
    ({ type, price, quantity, plan: name }, cut, isWhole) => {
      const limitPrice = type === 'STOP' ? null : price;
      const stopPrice = type === 'LIMIT' ? null : price;
      const terms = placed({ type, quantity, limitPrice, stopPrice }, { plan: name });
      for (const order of filled(terms, byQuantity(terms, cut, isWhole))) {
        expect(terms.holdAmount?.greaterThanOrEqualTo(costOf(order))).toBe(true);
      }
    },
  );
  fc.assert(property, runs);
});

test('law 3: the hold of a buy by amount covers cost and fees after every execution', () => {
  const amounts = scaled(100, 500_000, 2);
  const property = fc.property(amounts, tickPrice, slices, (amount, limitPrice, cut) => {
    const terms = placed({ quantity: null, amount, limitPrice }, {});
    for (const order of filled(terms, byAmount(terms, cut))) {
      expect(costOf(order).lessThanOrEqualTo(amount)).toBe(true);
    }
  });
  fc.assert(property, runs);
});

test('law 4: cost and fees do not depend on the order of the executions nor on their cuts', () => {
  const side = fc.constantFrom('BUY' as const, 'SELL' as const);
  const sized = fc.tuple(tickPrice, quantities);
  const property = fc.property(side, sized, slices, (which, [price, quantity], cut) => {
    const terms = placed({ side: which, limitPrice: price, quantity }, {});
    // A sale at its limit or better is one at that price or above; equal prices cut differently.
    const limited = byQuantity(terms, cut, true).map((fill) =>
      which === 'SELL' ? { ...fill, price: fill.price.plus(price) } : fill,
    );
    const halves = limited.flatMap((fill) => {
      const one = fill.quantity.div(2).toDecimalPlaces(9, Decimal.ROUND_DOWN);
      const parts = one.isZero() ? [fill.quantity] : [one, fill.quantity.minus(one)];
      return parts.map((part) => ({ ...fill, quantity: part }));
    });
    const ends = [limited, limited.toReversed(), halves, halves.toReversed()].map((fills) => {
      const end = filled(terms, fills).at(-1);
      const { commission, sec, taf } = end?.fees ?? {};
      return [end?.filledValue, commission, sec, taf].map((value) => value?.toFixed(2));
    });
    expect(new Set(ends.map((end) => end.join(' '))).size).toBe(1);
  });
  fc.assert(property, runs);
});

test('the fees of a sale never exceed what it has brought, after any execution on any date', () => {
  const property = fc.property(tickPrice, quantities, slices, (limitPrice, quantity, cut) => {
    const terms = placed({ side: 'SELL', limitPrice, quantity }, {});
    for (const order of filled(terms, byQuantity(terms, cut, true))) {
      expect(totalOf(order.fees).lessThanOrEqualTo(order.filledValue)).toBe(true);
    }
  });
  fc.assert(property, runs);
});

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom<Message>(
    { event: 'RESERVED' },
    { event: 'REFUSED', code: 'INSUFFICIENT_FUNDS' },
    { event: 'CANCEL_ASKED', actorId: 'someone' },
    { event: 'TIME_ENDED' },
    { event: 'MARKET_OPENED' },
    { event: 'PLACED', venueOrderId: 'V-1' },
    { event: 'CANCEL_REFUSED' },
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), quantities, scaled(1, 5_000, 2))
    .map(([nth, quantity, price]) => executed({ quantity, price, days: 0 }, nth)),
  fc
    .integer({ min: 0, max: 4 })
    .map((executions) => ({ event: 'VENUE_CANCELED' as const, executions })),
  fc
    .integer({ min: 0, max: 4 })
    .map((executions) => ({ event: 'VENUE_EXPIRED' as const, executions })),
  fc
    .integer({ min: 0, max: 4 })
    .map((executions) => ({ event: 'VENUE_FAILED' as const, executions, code: 'VENUE_REJECTED' })),
);

test('law 6: after any messages the replay of the history is the order, at every step', () => {
  const told = fc.array(fc.tuple(anyMessage, fc.boolean()), { maxLength: 14 });
  const property = fc.property(told, (messages) => {
    const terms = someTerms({ quantity: new Decimal(4_000) });
    let dossier = aNewDossier({ quantity: new Decimal(4_000) });
    const history: Entry[] = [begin(terms, null).entry];
    const states = [dossier.order];
    messages.forEach(([message, marketOpen], nth) => {
      const now = new Date(marketTime.getTime() + (nth + 1) * 1_000);
      const after = advance(dossier, message, { now, marketOpen, causeId: `event-${nth}` });
      dossier = after.dossier;
      history.push(...after.steps.map(({ entry }) => entry));
      states.push(...after.steps.map(({ order }) => order));
    });
    expect(replay(terms, history)).toEqual(dossier.order);
    states.forEach((state, nth) => {
      expect(replay(terms, history.slice(0, nth + 1))).toEqual(state);
    });
    expect(asOf(dossier.order, history, dossier.order.updatedAt)).toEqual(dossier.order);
    expect(asOf(dossier.order, history, new Date(marketTime.getTime() - 1))).toBeNull();
    const quantity = sum(history.flatMap(({ execution }) => execution?.quantity ?? []));
    expect(quantity.equals(dossier.order.filledQuantity)).toBe(true);
  });
  fc.assert(property, runs);
});

import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNewDossier, marketTime, someTerms } from '../../test/builders.ts';
import { type Advance, advance, type Misfit, type Step } from './advance.ts';
import type { Dossier } from './decide.ts';
import { totalOf } from './fees.ts';
import { begin, type Entry, replay } from './history.ts';
import type { Message } from './message.ts';
import type { Terms } from './order.ts';

type Delivery = { readonly eventId: string; readonly message: Message };

/** Delivers as the consumer does: an event id that was seen before is dropped. */
function deliver(terms: Partial<Terms>, deliveries: readonly Delivery[]) {
  const seen = new Set<string>();
  let dossier: Dossier = aNewDossier(terms);
  let steps: readonly Step[] = [];
  let misfits: readonly Misfit[] = [];
  for (const { eventId, message } of deliveries) {
    if (seen.has(eventId)) continue;
    seen.add(eventId);
    const at = { now: marketTime, marketOpen: true, causeId: eventId };
    const told: Advance = advance(dossier, message, at);
    dossier = told.dossier;
    steps = [...steps, ...told.steps];
    misfits = [...misfits, ...told.misfits];
  }
  return { dossier, steps, misfits };
}

/** All that must not depend on the order of arrival. */
function endOf({ dossier: { order, waiting }, misfits }: ReturnType<typeof deliver>) {
  return {
    status: order.status,
    code: order.code,
    version: order.version,
    venueOrderId: order.venueOrderId,
    filledQuantity: order.filledQuantity.toFixed(),
    filledValue: order.filledValue.toFixed(),
    fees: totalOf(order.fees).toFixed(),
    executions: order.executions,
    lateFill: order.lateFill,
    waiting: waiting.length,
    misfits: misfits.length,
  };
}

const told = (...messages: readonly Message[]): Delivery[] =>
  messages.map((message, nth) => ({ eventId: `event-${nth}`, message }));

const executed = (id: string, quantity: string, price = '50.00'): Message => ({
  event: 'EXECUTED',
  executionId: id,
  quantity: new Decimal(quantity),
  price: new Decimal(price),
  executedAt: marketTime,
});
const reserved: Message = { event: 'RESERVED' };
const placed: Message = { event: 'PLACED', venueOrderId: 'V-1' };

const sale = { side: 'SELL', holdAmount: null } as const;
const byAmount = {
  quantity: null,
  amount: new Decimal(200),
  tradeValue: new Decimal('199.80'),
  holdAmount: new Decimal(200),
} as const;

const stories: readonly (readonly [string, Partial<Terms>, readonly Message[], string])[] = [
  [
    'filled in three',
    {},
    [executed('a', '3'), executed('b', '2.5'), executed('c', '4.5')],
    'FILLED',
  ],
  ['a sale filled in two', sale, [executed('a', '3', '50.01'), executed('b', '7')], 'FILLED'],
  [
    'canceled after two',
    {},
    [executed('a', '3'), executed('b', '2'), end('VENUE_CANCELED', 2)],
    'CANCELED',
  ],
  ['expired unfilled', {}, [end('VENUE_EXPIRED', 0)], 'EXPIRED'],
  ['expired after one', {}, [executed('a', '1'), end('VENUE_EXPIRED', 1)], 'EXPIRED'],
  ['failed after one', {}, [executed('a', '1'), failed(1)], 'CANCELED'],
  ['rejected by the venue', {}, [failed(0)], 'FAILED'],
  [
    'a late fill',
    {},
    [executed('a', '4'), end('VENUE_CANCELED', 1), executed('b', '2')],
    'CANCELED',
  ],
  ['a late fill of the rest', {}, [end('VENUE_EXPIRED', 0), executed('a', '10')], 'FILLED'],
  ['by amount', byAmount, [executed('a', '3.996', '25.00'), executed('b', '1.998')], 'FILLED'],
];

function end(event: 'VENUE_CANCELED' | 'VENUE_EXPIRED', executions: number): Message {
  return { event, executions };
}

function failed(executions: number): Message {
  return { event: 'VENUE_FAILED', executions, code: 'VENUE_REJECTED' };
}

const named = stories.map(([name, terms, messages, status]) => ({ name, terms, messages, status }));

describe('any permutation and repetition of messages ends in the same state', () => {
  test.each(named)('$name', ({ terms, messages, status }) => {
    const deliveries = told(reserved, placed, ...messages);
    const inOrder = endOf(deliver(terms, deliveries));
    expect([inOrder.status, inOrder.waiting, inOrder.misfits]).toEqual([status, 0, 0]);

    const shuffled = fc.shuffledSubarray([...deliveries, ...deliveries], {
      minLength: deliveries.length * 2,
    });
    fc.assert(
      fc.property(shuffled, (arrived) => {
        expect(endOf(deliver(terms, arrived))).toEqual(inOrder);
      }),
    );
  });

  test('a history replayed gives the order, at every step', () => {
    for (const [, change, messages] of stories) {
      const terms = someTerms(change);
      const { steps } = deliver(change, told(reserved, placed, ...messages));
      const history: Entry[] = [begin(terms, null).entry];
      for (const { entry, order } of steps) {
        history.push(entry);
        expect(replay(terms, history)).toEqual(order);
      }
    }
  });
});

const trail = (messages: readonly Message[], terms: Partial<Terms> = {}) =>
  deliver(terms, told(...messages)).steps.map(({ entry }) => entry.to);
const cancelAsked: Message = { event: 'CANCEL_ASKED', actorId: 'alice' };
const cancelRefused: Message = { event: 'CANCEL_REFUSED' };

test('a cancel that the venue refuses leads back to where the order stands by then', () => {
  expect(trail([reserved, cancelAsked, cancelRefused])).toEqual(['OPEN', 'CANCEL_PENDING', 'OPEN']);
  expect(trail([reserved, cancelAsked, placed, cancelRefused]).at(-1)).toBe('PLACED');
  const filled = [reserved, placed, cancelAsked, executed('a', '1'), cancelRefused];
  expect(trail(filled)).toEqual([
    'OPEN',
    'PLACED',
    'CANCEL_PENDING',
    'CANCEL_PENDING',
    'PARTIALLY_FILLED',
  ]);
});

test('when a cancel meets the last fill, the fill wins', () => {
  const messages = [reserved, placed, cancelAsked, executed('a', '10'), cancelRefused];
  expect(trail(messages).at(-1)).toBe('FILLED');
});

test('a refused hold rejects the order with its code, and nothing moves it afterwards', () => {
  const messages: Message[] = [{ event: 'REFUSED', code: 'INSUFFICIENT_FUNDS' }, reserved];
  const { dossier, misfits } = deliver({}, told(...messages));
  expect([dossier.order.status, dossier.order.code]).toEqual(['REJECTED', 'INSUFFICIENT_FUNDS']);
  expect(misfits).toEqual([]);
});

test('an execution told by two events is one execution', () => {
  const { dossier, misfits } = deliver({}, told(reserved, executed('a', '6'), executed('a', '6')));
  expect([dossier.order.filledQuantity.toFixed(), misfits]).toEqual(['6', []]);
});

test('without an answer about the hold an order fails when its time ends', () => {
  const { order } = deliver({}, told({ event: 'TIME_ENDED' })).dossier;
  expect([order.status, order.code]).toEqual(['FAILED', 'HOLD_TIMEOUT']);
});

test('an execution past the quantity or the money is an exception and changes nothing', () => {
  const past = deliver({}, told(reserved, executed('a', '6'), executed('b', '5')));
  expect(past.misfits.map(({ reason }) => reason)).toEqual(['OVERFILL']);
  expect(past.dossier.order.filledQuantity.toFixed()).toBe('6');

  const dear = deliver(byAmount, told(reserved, executed('a', '4')));
  expect(dear.misfits.map(({ reason }) => reason)).toEqual(['OVERFILL']);
  expect(dear.dossier.order.executions).toBe(0);
});

test('outside market hours an order waits, and what the venue says meanwhile waits with it', () => {
  const closed = { now: marketTime, marketOpen: false, causeId: 'event-0' };
  const waiting = advance(aNewDossier(), reserved, closed).dossier;
  expect(waiting.order.status).toBe('ACCEPTED');
  const early = advance(waiting, executed('a', '10'), { ...closed, causeId: 'event-1' });
  expect([early.steps, early.dossier.waiting.length]).toEqual([[], 1]);

  const bell = { now: marketTime, marketOpen: true, causeId: null };
  const opened = advance(early.dossier, { event: 'MARKET_OPENED' }, bell);
  expect(opened.steps.map(({ entry }) => [entry.to, entry.causeId])).toEqual([
    ['OPEN', null],
    ['FILLED', 'event-1'],
  ]);
});

test('value and fees of an execution are what the running totals grow by', () => {
  const { steps } = deliver(sale, told(reserved, executed('a', '1'), executed('b', '9')));
  const shown = steps.flatMap(({ entry: { execution } }) =>
    execution
      ? [[execution.value, execution.fees.commission, execution.fees.sec, execution.fees.taf]]
      : [],
  );
  expect(shown.map((row) => row.map((value) => value.toFixed(2)))).toEqual([
    ['50.00', '0.05', '0.01', '0.01'],
    ['450.00', '0.45', '0.01', '0.00'],
  ]);
});

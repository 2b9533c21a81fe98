import { Decimal } from '@simplebank/kernel/decimal';
import { describe, expect, test } from 'vitest';
import { aDossier, aSplit, marketTime } from '../../test/builders.ts';
import { decide } from './decide.ts';
import type { Message } from './message.ts';
import { orderStatuses } from './status.ts';
import { type OrderEvent, orderEvents, targetsOf } from './transitions.ts';

/** Domain §3.1 written out a second time, one line per state: event → states it may lead to. */
const written: Readonly<Record<string, Partial<Record<OrderEvent, string>>>> = {
  NONE: { CREATED: 'RESERVING' },
  RESERVING: {
    RESERVED: 'OPEN ACCEPTED',
    REFUSED: 'REJECTED',
    CANCEL_ASKED: 'CANCELED',
    TIME_ENDED: 'FAILED',
    REBASED: 'RESERVING',
  },
  ACCEPTED: {
    MARKET_OPENED: 'OPEN',
    CANCEL_ASKED: 'CANCELED',
    TIME_ENDED: 'EXPIRED',
    REBASED: 'ACCEPTED',
  },
  OPEN: {
    PLACED: 'PLACED',
    EXECUTED: 'PARTIALLY_FILLED FILLED',
    CANCEL_ASKED: 'CANCEL_PENDING',
    VENUE_CANCELED: 'CANCELED',
    VENUE_EXPIRED: 'EXPIRED',
    VENUE_FAILED: 'FAILED',
    REBASED: 'OPEN FILLED',
    ENDED_BY_STAFF: 'CANCELED',
  },
  PLACED: {
    EXECUTED: 'PARTIALLY_FILLED FILLED',
    CANCEL_ASKED: 'CANCEL_PENDING',
    VENUE_CANCELED: 'CANCELED',
    VENUE_EXPIRED: 'EXPIRED',
    VENUE_FAILED: 'FAILED',
    REBASED: 'PLACED FILLED',
    ENDED_BY_STAFF: 'CANCELED',
  },
  PARTIALLY_FILLED: {
    PLACED: 'PARTIALLY_FILLED',
    EXECUTED: 'PARTIALLY_FILLED FILLED',
    CANCEL_ASKED: 'CANCEL_PENDING',
    VENUE_CANCELED: 'CANCELED',
    VENUE_EXPIRED: 'EXPIRED',
    VENUE_FAILED: 'CANCELED',
    REBASED: 'PARTIALLY_FILLED FILLED',
    ENDED_BY_STAFF: 'CANCELED',
  },
  CANCEL_PENDING: {
    PLACED: 'CANCEL_PENDING',
    EXECUTED: 'CANCEL_PENDING FILLED',
    VENUE_CANCELED: 'CANCELED',
    CANCEL_REFUSED: 'OPEN PLACED PARTIALLY_FILLED',
    VENUE_EXPIRED: 'EXPIRED',
    VENUE_FAILED: 'FAILED CANCELED',
    REBASED: 'CANCEL_PENDING FILLED',
    ENDED_BY_STAFF: 'CANCELED',
  },
  FILLED: final('FILLED'),
  CANCELED: {
    ...final('CANCELED'),
    EXECUTED: 'CANCELED FILLED',
    REBASED: 'CANCELED FILLED',
  },
  EXPIRED: { ...final('EXPIRED'), EXECUTED: 'EXPIRED FILLED', REBASED: 'EXPIRED FILLED' },
  REJECTED: final('REJECTED'),
  FAILED: final('FAILED'),
};

function final(status: string) {
  return {
    RESERVED: status,
    REFUSED: status,
    PLACED: status,
    VENUE_CANCELED: status,
    CANCEL_REFUSED: status,
    VENUE_EXPIRED: status,
    REBASED: status,
  };
}

const pairs = (['NONE', ...orderStatuses] as const).flatMap((from) =>
  orderEvents.map((event) => ({ from, event })),
);

test.each(pairs)('the table has $from by $event as it is specified', ({ from, event }) => {
  const expected = written[from]?.[event]?.split(' ') ?? [];
  expect([...targetsOf(from, event)].sort()).toEqual(expected.sort());
});

const execution = (quantity: number) => ({
  executionId: `new-${quantity}`,
  quantity: new Decimal(quantity),
  price: new Decimal(50),
  executedAt: marketTime,
});

const messages: readonly Message[] = [
  { event: 'RESERVED' },
  { event: 'REFUSED', code: 'INSUFFICIENT_FUNDS' },
  { event: 'CANCEL_ASKED', actorId: 'someone' },
  { event: 'TIME_ENDED' },
  { event: 'MARKET_OPENED' },
  { event: 'PLACED', venueOrderId: 'V-1' },
  { event: 'EXECUTED', ...execution(1) },
  { event: 'VENUE_CANCELED', executions: 0 },
  { event: 'CANCEL_REFUSED' },
  { event: 'VENUE_EXPIRED', executions: 0 },
  { event: 'VENUE_FAILED', executions: 0, code: 'VENUE_REJECTED' },
  aSplit(),
  { event: 'ENDED_BY_STAFF', actorId: 'someone' },
];

describe('an order told anything in any state', () => {
  const told = orderStatuses.flatMap((status) => messages.map((message) => ({ status, message })));

  test.each(told)('$status, told $message.event, moves as the table says or not at all', (one) => {
    const { status, message } = one;
    // Staff may end only what was executed past its quantity.
    const overfills = new Set(message.event === 'ENDED_BY_STAFF' ? ['past'] : []);
    const dossier = { ...aDossier(status), overfills };
    const at = { now: marketTime, marketOpen: true, causeId: null };
    const decision = decide(dossier, message, at);
    const allowed = targetsOf(status, message.event);
    if (decision.kind === 'moved') {
      expect(allowed).toContain(decision.dossier.order.status);
      return;
    }
    // What the venue says of an order that is not open here waits; the rest is an exception.
    const waits = status === 'RESERVING' || status === 'ACCEPTED';
    expect([decision.kind, allowed]).toEqual([waitsFor(message, waits), []]);
  });
});

function waitsFor({ event }: Message, isNotOpen: boolean): string {
  const fromVenue = event.startsWith('VENUE') || /^(PLACED|EXECUTED|CANCEL_REFUSED)$/.test(event);
  return isNotOpen && fromVenue ? 'waiting' : 'exception';
}

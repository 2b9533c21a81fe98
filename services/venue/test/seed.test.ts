import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createSeededIds } from '@simplebank/testkit/ids';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mishapOf, outages } from '../src/domain/faults.ts';
import type { Instruction } from '../src/domain/order.ts';
import { anOrder, aVenue, noon, reportsOf, tradeFor } from './builders.ts';

const chances = {
  VENUE_REJECT_PERCENT: '10',
  VENUE_DUPLICATE_PERCENT: '20',
  VENUE_HALT_PERCENT: '25',
  VENUE_THIN_PERCENT: '25',
};

/** Sixty orders of every kind, the same at every call. */
function manyOrders(): readonly Instruction[] {
  const newId = createSeededIds('orders');
  const types = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const;
  const times = ['DAY', 'GTC', 'IOC', 'FOK'] as const;
  return Array.from({ length: 60 }, (_, n) => {
    const type = types[n % 4] ?? 'MARKET';
    const timeInForce = times[Math.floor(n / 4) % 4] ?? 'DAY';
    const side = n % 3 === 0 ? 'SELL' : 'BUY';
    return anOrder(newId(), {
      ...{ type, timeInForce, side, symbol: `S${n % 7}` },
      quantity: new Decimal(1 + ((n * 37) % 400)),
      limitPrice: new Decimal(side === 'BUY' ? 10_000 : 1),
      stopPrice: type.startsWith('STOP') ? new Decimal(side === 'BUY' ? 1 : 10_000) : null,
    });
  });
}

/** Everything that a participant sees of a venue with this seed. */
async function seen(seed: string) {
  const venue = await aVenue({ ...chances, VENUE_SEED: seed }, createVirtualClock(noon));
  try {
    const answers = await venue.desk.place(manyOrders());
    await tradeFor(venue, 2_000);
    const quotes = await venue.desk.quotes(['S1', 'S2']);
    const reports = (await reportsOf(venue)).map((report) => JSON.stringify(report));
    const rejected = answers.filter(({ kind }) => kind === 'REJECTED').length;
    return {
      answers: answers.map((answer) => JSON.stringify(answer)).toSorted(),
      reports,
      quotes: JSON.stringify([...quotes]),
      counts: { rejected, doubled: reports.length - new Set(reports).size },
    };
  } finally {
    await venue.close();
  }
}

test('one seed: the same prices, fills, parts, pauses, rejects, halts and duplicates', async () => {
  const [one, again, other] = await Promise.all(['a', 'a', 'b'].map(seen));
  expect(again).toEqual(one);
  expect(other?.reports).not.toEqual(one?.reports);
  expect(other?.quotes).not.toEqual(one?.quotes);
  expect(one?.counts.rejected).toBeGreaterThan(0);
  expect(one?.counts.doubled).toBeGreaterThan(0);
}, 60_000);

const percents = fc.integer({ min: 0, max: 100 });
const faults = fc.record({
  outage: fc.constantFrom(...outages),
  latencyMs: fc.nat(10_000),
  lostAnswerPercent: percents,
  errorPercent: percents,
});

test('one seed: the same mishaps, call by call, and as many as asked for', () => {
  fc.assert(
    fc.property(faults, fc.string(), fc.nat(10_000), (given, seed, nth) => {
      const mishap = mishapOf(given, seed, nth);
      expect(mishapOf(given, seed, nth)).toEqual(mishap);
      if (given.outage !== 'NONE') expect(mishap.before).toBe(given.outage);
      if (given.lostAnswerPercent === 0) expect(mishap.isAnswerLost).toBe(false);
      if (given.lostAnswerPercent === 100) expect(mishap.isAnswerLost).toBe(true);
    }),
  );
  const lossy = { outage: 'NONE', latencyMs: 0, lostAnswerPercent: 30, errorPercent: 0 } as const;
  const lost = Array.from({ length: 5_000 }, (_, n) => mishapOf(lossy, 'seed', n));
  const share = lost.filter(({ isAnswerLost }) => isAnswerLost).length / lost.length;
  expect(share).toBeGreaterThan(0.27);
  expect(share).toBeLessThan(0.33);
});

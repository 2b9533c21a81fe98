import { randomUUID } from 'node:crypto';
import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rebase } from '../src/domain/rebase.ts';
import { anOrder, aVenue, type OpenVenue, storyOf, tradeFor } from './builders.ts';

let venue: OpenVenue;
beforeAll(async () => {
  venue = await aVenue({}, createVirtualClock('2026-01-30T17:00:00.000Z'));
});
afterAll(() => venue?.close());

const waits = { type: 'LIMIT', timeInForce: 'GTC', limitPrice: new Decimal('0.05') } as const;
const later = new Date('2026-03-30T17:00:00.000Z');

const fourForOne = (clientId: string, given: Partial<Rebase> = {}): Rebase => ({
  ...{ clientId, actionId: randomUUID(), exDate: '2026-02-02', numerator: 4, denominator: 1 },
  ...{ limitPrice: new Decimal('0.01'), stopPrice: null },
  ...given,
});
const find = (clientId: string) => venue.db.bookOrder.findUniqueOrThrow({ where: { clientId } });

test('an order is put on a split’s basis once, and a repeat gets the first answer', async () => {
  const clientId = randomUUID();
  await venue.desk.place([anOrder(clientId, { ...waits, expiresAt: later })]);
  const rebase = fourForOne(clientId);
  const [first] = await venue.desk.replace([rebase]);
  expect(first).toMatchObject({ kind: 'REPLACED', quantity: new Decimal(40) });
  expect(await venue.desk.replace([rebase, fourForOne(randomUUID())])).toEqual([first]);
  const { quantity, limitPrice } = await find(clientId);
  expect([quantity?.toFixed(), limitPrice.toFixed()]).toEqual(['40', '0.01']);
});

test('what was traded since the ex-date was traded in new shares', async () => {
  const clientId = randomUUID();
  await venue.desk.place([anOrder(clientId, { ...waits, expiresAt: later })]);
  const report = { clientId, venueOrderId: `V-${clientId}`, kind: 'EXECUTED', price: 1 } as const;
  const at = (day: string) => new Date(`${day}T18:00:00.000Z`);
  const data = [
    { ...report, executionId: `${clientId}-1`, quantity: 4, at: at('2026-01-30') },
    { ...report, executionId: `${clientId}-2`, quantity: 2, at: at('2026-02-02') },
  ];
  // The venue may tell the same thing twice.
  await venue.db.bookReport.createMany({ data: [...data, ...data] });
  const filled = { filledQuantity: 6, filledValue: 6, executions: 2 };
  await venue.db.bookOrder.update({ where: { clientId }, data: filled });
  const [answer] = await venue.desk.replace([fourForOne(clientId)]);
  // Six old shares were left before the ex-date: 24 new ones, less 2, on top of the 6 filled.
  expect(answer).toMatchObject({ kind: 'REPLACED', quantity: new Decimal(28) });
});

test('an order of the day keeps parts of a share', async () => {
  const clientId = randomUUID();
  await venue.desk.place([anOrder(clientId, { ...waits, timeInForce: 'DAY', expiresAt: later })]);
  const [answer] = await venue.desk.replace([fourForOne(clientId, { denominator: 3 })]);
  expect(answer).toMatchObject({ kind: 'REPLACED', quantity: new Decimal('13.333333333') });
});

test('an order without whole shares on the new basis ends; one that ended says so', async () => {
  const clientId = randomUUID();
  await venue.desk.place([anOrder(clientId, { ...waits, expiresAt: later })]);
  const third = fourForOne(clientId, { numerator: 1, denominator: 3 });
  expect(await venue.desk.replace([third])).toMatchObject([{ kind: 'ENDED' }]);
  await tradeFor(venue, 100);
  expect(await storyOf(venue, clientId)).toBe('CANCELED');
  expect(await venue.desk.replace([third])).toMatchObject([{ kind: 'ENDED' }]);
  expect(await venue.desk.replace([fourForOne(clientId)])).toMatchObject([{ kind: 'ENDED' }]);
  expect((await find(clientId)).quantity?.toFixed()).toBe('10');
});

test('what was answered about a split can be neither changed nor taken back', async () => {
  const { db } = venue;
  await expect(db.$executeRaw`UPDATE book_rebase SET quantity = 1`).rejects.toThrow('append-only');
  await expect(db.$executeRaw`DELETE FROM book_rebase`).rejects.toThrow('append-only');
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Told, useBank } from './bank.ts';
import {
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  prepare,
  read,
  rowAndReplay,
  told,
  venueCanceled,
  venueExpired,
  venueRejected,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

/** All that must not depend on the order of arrival: the row without its time, and what left. */
async function endOf(id: string) {
  const order = await read(bank, id);
  if (!order) throw new Error(`order ${id} is gone`);
  const { id: _, executions, ...shown } = order;
  const [row, replayed] = await rowAndReplay(bank, id);
  expect(replayed).toEqual(row);
  const facts = (await told(bank, id)).map((fact) => fact.split(' ')[1]);
  const { db } = bank.app.deps;
  return {
    shown,
    executions: (executions as unknown[]).length,
    facts: facts.sort(),
    waiting: await db.waitingMessage.count({ where: { orderId: id } }),
    exceptions: await db.orderException.count({ where: { orderId: id } }),
    parked: await db.parkedEvent.count(),
  };
}

test.each([0, 1, 2])('an execution past the quantity keeps no end waiting %#', async (place3rd) => {
  const id = await place(bank);
  const past = [executed(id, 1, ['6', '50.00']), executed(id, 2, ['7', '50.00'])];
  const story = past.toSpliced(place3rd, 0, venueCanceled(id, 2));
  await bank.deliver(fundsHeld(id), placedAtVenue(id));
  for (const event of [...story, ...story]) await bank.deliver(event);
  const { shown, ...rest } = await endOf(id);
  expect(shown).toMatchObject({ status: 'CANCELED', filledQuantity: '6' });
  expect(rest).toMatchObject({ executions: 1, waiting: 0, exceptions: 1, parked: 0 });
});

describe('shuffled and doubled deliveries end in the same state as those in order', () => {
  const stories: readonly (readonly [string, (id: string) => Told[]])[] = [
    [
      'FILLED',
      (id) => [
        executed(id, 1, ['3', '49.99']),
        executed(id, 2, ['3', '49.98']),
        executed(id, 3, ['4', '50.00']),
      ],
    ],
    ['CANCELED', (id) => [executed(id, 1, ['3', '49.99']), venueCanceled(id, 1)]],
    ['EXPIRED', (id) => [executed(id, 1, ['3', '49.99']), venueExpired(id, 1)]],
    ['CANCELED', (id) => [executed(id, 1, ['3', '49.99']), venueRejected(id, 1)]],
  ];
  const named = stories.map(([status, events]) => ({ status, events }));

  test.each(named)('$status %#', async ({ status, events }) => {
    const all = (id: string) => [fundsHeld(id), placedAtVenue(id), ...events(id)];
    const first = await place(bank);
    for (const event of all(first)) await bank.deliver(event);
    const inOrder = await endOf(first);
    expect(inOrder.shown.status).toBe(status);
    expect([inOrder.waiting, inOrder.exceptions, inOrder.parked]).toEqual([0, 0, 0]);

    const seeds = fc.sample(fc.tuple(fc.nat(), fc.boolean()), { numRuns: 12, seed: 7 });
    for (const [seed, isOneBatch] of seeds) {
      const id = await place(bank);
      const doubled = [...all(id)].flatMap((event) => [event, event]);
      const whole = fc.shuffledSubarray(doubled, { minLength: doubled.length });
      const [shuffled = []] = fc.sample(whole, { numRuns: 1, seed });
      if (isOneBatch) await bank.deliver(...shuffled);
      else for (const event of shuffled) await bank.deliver(event);
      expect(await endOf(id)).toEqual(inOrder);
    }
  });
});

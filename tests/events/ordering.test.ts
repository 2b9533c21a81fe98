import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { eventsFor } from '@simplebank/contracts/subscriptions';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  closeListeners,
  copiesOf,
  type Listener,
  type Listeners,
  listeners,
  openListeners,
} from './support/listeners.ts';
import { createOperatedBank, type OperatedBank } from './support/operated.ts';
import { asAdmin } from './support/told-accounts.ts';
import { histories, toldIn } from './support/told-versions.ts';

const runs = 15;
const batchMax = 9;

let bank: OperatedBank;
let open: Listeners;
beforeAll(async () => {
  bank = await createOperatedBank();
  open = await openListeners(bank);
}, 90_000);
afterAll(async () => {
  if (open) await closeListeners(open);
  await bank?.drop();
});

const emptied = (name: Listener): string =>
  [...copiesOf[name], 'parked_event'].map((table) => `DELETE FROM "${table}"`).join('; ');
const empty = () => Promise.all(listeners.map((name) => asAdmin(bank, name, emptied(name))));
beforeEach(empty);

/** Each table of copies as a whole, and how many events could not be applied. */
async function copiesIn(name: Listener): Promise<object> {
  const tables = [...copiesOf[name], 'parked_event'].map(async (table) => {
    const sql = `SELECT to_jsonb(t) AS row FROM "${table}" t ORDER BY t::text`;
    return [table, (await asAdmin<{ row: object }>(bank, name, sql)).map(({ row }) => row)];
  });
  return Object.fromEntries(await Promise.all(tables));
}
const allCopies = async () =>
  Object.fromEntries(
    await Promise.all(listeners.map(async (name) => [name, await copiesIn(name)] as const)),
  );

/** As queues bring them: to each listener what it listens to, in batches of any size. */
async function deliver(events: readonly Envelope[], sizeOf: () => number): Promise<void> {
  for (const name of listeners) {
    const heard = new Set(eventsFor(name));
    const bodies = events.filter(({ type }) => heard.has(type)).map((one) => JSON.stringify(one));
    while (bodies.length > 0) await open[name].applyBatch(bodies.splice(0, sizeOf()));
  }
}

/** Under an id of its own, so that no inbox knows it: only the handler can see that it is old. */
const again = (event: Envelope): Envelope => ({ ...event, eventId: randomUUID() });

/** Of each thing the last that was told. */
function lastOf(told: readonly Envelope[]): readonly Envelope[] {
  const last = new Map<string, Envelope>();
  for (const event of told) {
    const { quotes } = event.payload as { readonly quotes?: readonly { assetId: string }[] };
    const isOfAccount = event.type.startsWith('accounts.account-');
    const kind = isOfAccount ? 'account' : event.type;
    last.set(`${kind} ${quotes?.[0]?.assetId ?? event.aggregateId}`, event);
  }
  return [...last.values()];
}

test('events shuffled, repeated and wrongly stamped leave the highest versions', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.nat(), async (history, seed) => {
      const told = toldIn(history);
      await empty();
      await deliver(lastOf(told).map(again), () => batchMax);
      const expected = await allCopies();

      await empty();
      const chance = createChance(seed);
      const heap = shuffled([...told, ...told, ...told.map(again)], chance);
      await deliver(heap, () => 1 + Math.floor(chance() * batchMax));
      expect(await allCopies()).toEqual(expected);
    }),
    { numRuns: runs, endOnFailure: true },
  );
}, 180_000);

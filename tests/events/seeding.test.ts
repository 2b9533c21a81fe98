import { afterEach, beforeEach, expect, test } from 'vitest';
import { runEvents } from '../../tools/events/run.ts';
import { seed } from '../../tools/events/seed.ts';
import { closeDoors, type Doors, openDoors } from '../../tools/operators/doors.ts';
import { createOperatedBank, listening, type OperatedBank } from './support/operated.ts';
import { createSqlClient, type SqlClient } from './support/sql-client.ts';
import { accountFacts, asAdmin, checksum, say } from './support/told-accounts.ts';

let bank: OperatedBank;
/** The same feeds, with databases of listeners that heard everything from the beginning. */
let heard: OperatedBank;
let accounts: SqlClient;
let doors: Doors;
const by = { actor: 'ann', reason: 'a new consumer' };

const urlsOf = ({ databases }: OperatedBank) =>
  Object.fromEntries(Object.entries(databases).map(([name, { url }]) => [name, url]));

beforeEach(async () => {
  bank = await createOperatedBank();
  heard = await createOperatedBank();
  accounts = createSqlClient(bank.databases['accounts']?.url ?? '');
  doors = openDoors(urlsOf(bank));
}, 90_000);
afterEach(async () => {
  await closeDoors(doors);
  await accounts.close();
  await Promise.all([bank.drop(), heard.drop()]);
});

/** As a queue would have brought it, event by event. */
async function hearEverything(context: 'orders' | 'notifications'): Promise<void> {
  const listener = openDoors(urlsOf(heard));
  try {
    await listener[context].copies.fill(by, async (take) => {
      for (let after: string | null = null; ; ) {
        const page = await doors.accounts.events.page({ after, limit: 7 });
        for (const event of page.events) {
          if (listener[context].copies.isCopied(event.type)) await take.replay([event]);
        }
        if (page.isEnd) return;
        after = page.next;
      }
    });
  } finally {
    await closeDoors(listener);
  }
}

test('an interrupted seeding goes on where it was, and lacks nothing in the end', async () => {
  await say(accounts, accountFacts(350));
  let pages = 0;
  const interrupted = seed(doors, {
    ...{ to: 'orders', by },
    onPage: () => {
      pages += 1;
      if (pages === 2) throw new Error('the operator’s machine went away');
    },
  });
  await expect(interrupted).rejects.toThrow('went away');
  const half = await doors.orders.copies.progress('accounts');
  expect(half).toMatchObject({ isDone: false });

  // What happens meanwhile is on both ways: in the feed and in the queue.
  const late = accountFacts(20, 9_000);
  await say(accounts, late);
  const kept = await seed(doors, { to: 'orders', by });
  expect(kept).toBeLessThan(700);
  await hearEverything('orders');
  expect(await checksum(bank, 'orders', 'account')).toEqual(
    await checksum(heard, 'orders', 'account'),
  );
  expect((await checksum(bank, 'orders', 'account'))?.rows).toBe(370);
  expect(await seed(doors, { to: 'orders', by })).toBe(0);
}, 90_000);

test('an event that commits late is not skipped by a seeding that went past it', async () => {
  await say(accounts, accountFacts(3));
  const late = createSqlClient(bank.databases['accounts']?.url ?? '');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    void late.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_current_xact_id()`;
      resolve();
      await held;
      await say({ ...late, $transaction: (work) => work(tx) }, accountFacts(1, 5_000));
    });
  });
  await begun;
  await say(accounts, accountFacts(2, 7_000));
  await seed(doors, { to: 'orders', by });
  expect((await checksum(bank, 'orders', 'account'))?.rows).toBe(3);
  release();
  await late.close();
  await seed(doors, { to: 'orders', by });
  expect((await checksum(bank, 'orders', 'account'))?.rows).toBe(6);
}, 90_000);

test('seeding notifications tells nobody anything', async () => {
  await say(accounts, accountFacts(30));
  const events = listening(runEvents, bank.env);
  const done = await events('seed', 'notifications', '--reason', 'new', '--by', 'ann');
  expect(done).toEqual({ code: 0, said: '90 events kept in notifications.', complained: '' });
  expect((await checksum(bank, 'notifications', 'contact'))?.rows).toBe(30);
  expect(await asAdmin(bank, 'notifications', 'SELECT FROM notification')).toEqual([]);
  expect(await asAdmin(bank, 'notifications', 'SELECT FROM parked_event')).toEqual([]);
  const told = 'SELECT actor, command, reason FROM operator_action';
  expect(await asAdmin(bank, 'notifications', told)).toEqual([
    { actor: 'ann', command: 'fill-copies', reason: 'new' },
  ]);
}, 90_000);

test('two seedings of one subscriber do not run at once', async () => {
  await say(accounts, accountFacts(2));
  const second: unknown[] = [];
  await doors.orders.copies.fill(by, async () => {
    second.push(await seed(doors, { to: 'orders', by }));
  });
  expect(second).toEqual([null]);
}, 90_000);

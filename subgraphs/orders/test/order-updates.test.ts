import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../src/data/client.ts';
import { anonymous, customer, useBank } from './bank.ts';
import { ids } from './builders.ts';
import { alice, bob, executed, fundsHeld, place, placedAtVenue, prepare } from './story.ts';

const bank = useBank();
let admin: Database;
beforeAll(async () => {
  await prepare(bank);
  admin = openDatabase(bank.adminUrl, 8);
});
afterAll(() => admin.$disconnect());

const since = `query ($accountId: ID!, $after: String, $first: Int) {
  orderUpdatesSince(accountId: $accountId, after: $after, first: $first) {
    accountId cursor hasMore
    nodes { cursor line { sequence event to } order { id status } } } }`;
const page = z.object({
  orderUpdatesSince: z.object({
    accountId: z.string(),
    cursor: z.string(),
    hasMore: z.boolean(),
    nodes: z.array(
      z.object({
        cursor: z.string(),
        line: z.object({ sequence: z.number(), event: z.string(), to: z.string() }),
        order: z.object({ id: z.string(), status: z.string() }),
      }),
    ),
  }),
});

const read = (variables: object, viewer = alice) =>
  bank.ask(viewer, since, { accountId: ids.account, ...variables });

async function pageSince(after: string | null, first = 100) {
  const { data, errors } = await read({ after, first });
  expect(errors).toEqual([]);
  return page.parse(data).orderUpdatesSince;
}

/** Other tests share the server: a transaction of theirs may delay what is told. */
const waiting = { timeout: 30_000, interval: 20 };

/** Waits until nothing runs that could still delay what has happened so far. */
async function settled(): Promise<string> {
  const unfinished = () => admin.$queryRaw`SELECT count(*)::int AS count FROM order_event
    WHERE recorded_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
  await expect.poll(unfinished, waiting).toEqual([{ count: 0 }]);
  return (await pageSince(null)).cursor;
}

let now = '';
beforeEach(async () => {
  now = await settled();
});

/** Reads on from `now`, page by page, until so many lines have been told. */
async function told(count: number, first = 100): Promise<string[]> {
  const lines: string[] = [];
  let after = now;
  await expect
    .poll(async () => {
      const { nodes, cursor } = await pageSince(after, first);
      lines.push(...nodes.map(({ line, order }) => `${order.id} ${line.sequence}`));
      after = cursor;
      return lines.length;
    }, waiting)
    .toBeGreaterThanOrEqual(count);
  return lines;
}
type Line = { readonly sequence: number; readonly event: string; readonly move: [string, string] };

/** Writes the next line of an order as a command does, in a transaction of the test's own. */
async function writeLine(
  tx: Pick<Database, '$executeRawUnsafe'>,
  id: string,
  { sequence, event, move: [from, to] }: Line,
): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE "order" SET status = '${to}', version = ${sequence} WHERE id = '${id}'`,
  );
  await tx.$executeRawUnsafe(`INSERT INTO order_event (order_id, sequence, event, from_status,
    to_status, cumulative_quantity, leaves_quantity, occurred_at)
    VALUES ('${id}', ${sequence}, '${event}', '${from}', '${to}', 0, 10, now())`);
}

const long = { timeout: 60_000, maxWait: 60_000 };

describe('the updates of an account', () => {
  test('begin with now, and tell each line of each order once, whatever the page', async () => {
    expect((await pageSince(null)).nodes).toEqual([]);
    const orders = [await place(bank), await place(bank), await place(bank)];
    for (const id of orders) await bank.deliver(fundsHeld(id), placedAtVenue(id));
    for (const id of orders) await bank.deliver(executed(id, 1, ['3', '49.90']));
    const expected = orders.flatMap((id) => [1, 2, 3, 4].map((sequence) => `${id} ${sequence}`));
    for (const first of [1, 2, 5, 100]) {
      const lines = await told(expected.length, first);
      expect(lines.toSorted()).toEqual(expected.toSorted());
      for (const id of orders) {
        const own = lines.filter((line) => line.startsWith(id));
        expect(own).toEqual(own.toSorted());
      }
    }
  });

  test('show the line as it was and the order as it is', async () => {
    const id = await place(bank);
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    await told(3);
    const { nodes, accountId, hasMore } = await pageSince(now);
    expect({ accountId, hasMore }).toEqual({ accountId: ids.account, hasMore: false });
    expect(nodes.map(({ line, order }) => [line, order])).toEqual([
      [
        { sequence: 1, event: 'CREATED', to: 'RESERVING' },
        { id, status: 'PLACED' },
      ],
      [
        { sequence: 2, event: 'RESERVED', to: 'OPEN' },
        { id, status: 'PLACED' },
      ],
      [
        { sequence: 3, event: 'PLACED', to: 'PLACED' },
        { id, status: 'PLACED' },
      ],
    ]);
  });

  test('go on after the cursor of a line in the middle of a page', async () => {
    const id = await place(bank);
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    await told(3);
    const [, second] = (await pageSince(now)).nodes;
    const rest = await pageSince(second?.cursor ?? null);
    expect(rest.nodes.map(({ line }) => line.sequence)).toEqual([3]);
  });
});

describe('a transaction that commits late', () => {
  test('is not skipped: what committed before it waits for it', async () => {
    const early = await place(bank);
    const late: string[] = [];
    now = await settled();
    await admin.$transaction(async (tx) => {
      await writeLine(tx, early, { sequence: 2, event: 'RESERVED', move: ['RESERVING', 'OPEN'] });
      late.push(await place(bank));
      expect((await pageSince(now)).nodes).toEqual([]);
    }, long);
    expect(await told(2)).toEqual([`${early} 2`, `${late[0]} 1`]);
  });

  test('leaves the lines of an order in their order when it began before the others', async () => {
    const id = await place(bank);
    await admin.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_current_xact_id()::text`;
      await bank.deliver(fundsHeld(id));
      await writeLine(tx, id, { sequence: 3, event: 'PLACED', move: ['OPEN', 'PLACED'] });
    }, long);
    expect(await told(3, 1)).toEqual([`${id} 1`, `${id} 2`, `${id} 3`]);
  });
});

test('a long transaction that only reads, such as a dump, delays no update', async () => {
  await admin.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT count(*)::int FROM order_event`;
      const id = await place(bank);
      expect(await told(1)).toEqual([`${id} 1`]);
    },
    { ...long, isolationLevel: 'RepeatableRead' },
  );
});

describe('who may follow an account', () => {
  const codes = async (variables: object, viewer = alice) => {
    const { errors } = await read(variables, viewer);
    return errors.map(({ message, extensions: { code, field } }) => [code, field, message]);
  };

  test('its owner by UUID and by number, and staff', async () => {
    expect(await codes({})).toEqual([]);
    expect(await codes({ accountId: '101' })).toEqual([]);
    expect(await codes({}, customer(ids.bob, 'support'))).toEqual([]);
  });

  test("another customer's account answers as one that does not exist", async () => {
    const absent = [['NOT_FOUND', 'accountId', 'There is no such account.']];
    expect(await codes({}, bob)).toEqual(absent);
    expect(await codes({ accountId: randomUUID() })).toEqual(absent);
    expect(await codes({ accountId: '999999' })).toEqual(absent);
    expect((await codes({}, anonymous as typeof alice))[0]?.[0]).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['text', 'x'],
    ['another list', btoa(JSON.stringify(['2026-11-21T00:00:00.000Z', ids.account]))],
    ['a number too large', btoa(JSON.stringify(['9'.repeat(19), ids.account, 1]))],
    ['a line that no order has', btoa(JSON.stringify(['1', ids.account, 2_147_483_648]))],
    ['another copy of the bank', btoa(JSON.stringify(['9'.repeat(18), ids.account, 1]))],
  ])('a cursor of %s is bad input', async (_, after) => {
    expect((await codes({ after })).map(([code, field]) => [code, field])).toEqual([
      ['BAD_INPUT', 'after'],
    ]);
  });
});

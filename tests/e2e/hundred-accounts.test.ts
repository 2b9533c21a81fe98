import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { force } from '../ops/support/damage.ts';
import { type Investor, newInvestor } from './people.ts';
import { embeddedOnly, isDistributed, startWholeBank, type WholeBank } from './whole-bank.ts';

/** Copies of one account: as many as a customer can have beside the one that was opened. */
const copies = 99;

let bank: WholeBank;
let investor: Investor;
beforeAll(async () => {
  bank = await startWholeBank();
  investor = await newInvestor(bank.web, '10000.00');
  const { door, accountId } = investor;
  for (const assetId of ['ABC', 'DEF', 'AAPL']) {
    const wish = { accountId, assetId, side: 'BUY', type: 'MARKET', quantity: '2' } as const;
    await orderEnds(door, {
      id: (await placeOrder(door, { ...wish, idempotencyKey: assetId })).id,
    });
  }
  await copyAccount();
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await bank?.close();
});

/** The account, its copy in holdings, its positions and its lots, again under other ids. */
async function copyAccount(): Promise<void> {
  const ids = Array.from({ length: copies }, () => `'${randomUUID()}'::uuid`).join(', ');
  const { accountId } = investor;
  const again = (table: string, changes: Readonly<Record<string, string>>) => {
    const [key] = Object.keys(changes);
    const set = Object.entries(changes).map(([name, value]) => `'${name}', ${value}`);
    return `INSERT INTO "${table}" SELECT (json_populate_record(NULL::"${table}", changed::json)).*
      FROM unnest(ARRAY[${ids}]) WITH ORDINALITY AS new (id, nth)
      CROSS JOIN (SELECT * FROM "${table}" WHERE ${key} = '${accountId}') AS kept
      CROSS JOIN LATERAL (SELECT to_jsonb(kept) || jsonb_build_object(${set.join(', ')}))
        AS c (changed)`;
  };
  const accounts = { bank, context: 'accounts' };
  const holdings = { bank, context: 'holdings' };
  await force(accounts, again('account', { id: 'new.id', number: '1000 + new.nth' }));
  await force(accounts, again('account_owner', { account_id: 'new.id' }));
  await force(holdings, again('account', { id: 'new.id', number: '1000 + new.nth' }));
  await force(holdings, again('position', { account_id: 'new.id' }));
  const moved = { account_id: 'new.id', order_id: 'md5(kept.order_id || new.id::text)::uuid' };
  await force(holdings, again('execution', moved));
  await force(holdings, again('lot', { ...moved, id: 'gen_random_uuid()' }));
}

type Seen = { readonly database: string; readonly text: string };

/** Every statement of the bank while something is done; all its processes run in this one. */
async function statementsOf(act: () => Promise<unknown>): Promise<Seen[]> {
  const seen: Seen[] = [];
  const real = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [asked] = args;
    const text = typeof asked === 'string' ? asked : (asked as { text?: string }).text;
    seen.push({ database: this.database ?? '', text: text ?? '' });
    return Reflect.apply(real, this, args);
  });
  await act();
  spy.mockRestore();
  return seen;
}

/** By context, without what its jobs ask for all the time. */
function perContext(seen: readonly Seen[], idle: ReadonlySet<string>): Record<string, number> {
  const names = Object.entries(bank.databases);
  return Object.fromEntries(
    names.flatMap(([name, { url }]) => {
      const database = new URL(url).pathname.slice(1);
      const mine = seen.filter((one) => one.database === database && !idle.has(one.text));
      return mine.length > 0 ? [[name, mine.length]] : [];
    }),
  );
}

const idleMs = 6_000;

const statementsInHere = embeddedOnly('it counts the statements of all processes');
const title = 'a hundred accounts with holdings, lots and assets cost what one account costs';

test.skipIf(isDistributed)(
  `${title} ${statementsInHere}`,
  async () => {
    const fields = `{ accounts { name holdingsPage { nodes { quantity value { amount }
    lots(first: 3) { nodes { remaining } } asset { name price } } } } }`;
    type Answer = {
      accounts: {
        holdingsPage: { nodes: { asset: { price: string }; lots: { nodes: object[] } }[] };
      }[];
    };
    let asked = 0;
    // Under a name of its own each time: what is kept costs no statement at all.
    const ask = () => {
      asked += 1;
      return investor.door.ask<Answer>(`query Ask${asked} ${fields}`);
    };
    const { accounts } = await ask();
    expect(accounts).toHaveLength(copies + 1);
    for (const { holdingsPage } of accounts) {
      expect(holdingsPage.nodes).toHaveLength(3);
      // The venue may fill an order in parts: each is a lot.
      for (const { asset, lots } of holdingsPage.nodes) {
        expect([asset.price, lots.nodes.length > 0]).toEqual([expect.any(String), true]);
      }
    }
    const idle = new Set((await statementsOf(() => pause(idleMs))).map((one) => one.text));
    // A job of every minute may fall into one of them, not into all.
    const counts: Record<string, number>[] = [];
    for (let nth = 0; nth < 3; nth += 1) counts.push(perContext(await statementsOf(ask), idle));
    const least = (name: string) => Math.min(...counts.map((count) => count[name] ?? 0));
    // Accounts and their owners; holdings' own copy, pages, and the lots of 300 positions by 200.
    expect([1, 2, 3]).toContain(least('accounts'));
    expect([least('holdings'), least('assets')]).toEqual([4, 2]);
  },
  60_000,
);

import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { createChance } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { valueAccounts } from '../src/performance/commands/value-accounts.ts';
import { type Bench, openBench } from './bench.ts';
import { closed, corrected, dividendPaid, paid, returned } from './performance-builders.ts';
import {
  type OracleDay,
  type OracleFact,
  type OracleMarket,
  type OracleTrade,
  oracleDays,
} from './value-oracle.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** The bench stands on Monday, 2026-11-23: the Sunday before is the last day that is over. */
const through = '2026-11-22';
const histories = 1_000;
const dayOf = (nth: number) => new Date(Date.UTC(2026, 9, 20 + nth)).toISOString().slice(0, 10);
const daysInAll = 34;
const text = (units: bigint, decimals: number) => {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const sign = units < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

type Step =
  | { readonly kind: 'EVENT'; readonly event: Envelope }
  | { readonly kind: 'TRADE'; readonly accountId: string; readonly trade: OracleTrade }
  | { readonly kind: 'SPLIT'; readonly split: OracleMarket['splits'][number] };

type World = {
  readonly market: OracleMarket;
  readonly accounts: ReadonlyMap<string, { trades: OracleTrade[]; facts: OracleFact[] }>;
  readonly steps: readonly Step[];
};

/** Everything that happens to a thousand accounts in five weeks, in the order of its dates. */
function aWorld(chance: () => number): World {
  const whole = (max: number) => Math.floor(chance() * max);
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T;
  const assets = Array.from({ length: 6 }, () => randomUUID());
  const closes = new Map<string, bigint>();
  const steps: Step[] = [];
  for (let nth = 0; nth < daysInAll; nth += 1) {
    const day = dayOf(nth);
    // The last asset has no close before its tenth day; nobody trades at weekends.
    const open = assets.filter((_, at) => chance() < 0.9 && (at < 5 || nth > 10));
    if ([0, 6].includes(new Date(day).getUTCDay()) || open.length === 0) continue;
    const told = open.map((id) => [id, BigInt(1 + whole(300_000_000))] as const);
    for (const [id, price] of told) closes.set(`${id} ${day}`, price);
    const shown = told.map(([id, price]) => [id, text(price, 6)] as const);
    // Told wrong before it is told right: the higher version counts, whichever comes first.
    steps.push({
      kind: 'EVENT',
      event: closed(
        day,
        shown.map(([id]) => [id, '9.99']),
      ),
    });
    steps.push({ kind: 'EVENT', event: closed(day, shown, 2) });
  }
  const splits = [0, 1, 1, 2].map((at, nth) => ({
    ...{ assetId: assets[at] ?? '', day: dayOf(7 + 5 * nth) },
    ...{ numerator: BigInt(1 + whole(4)), denominator: BigInt(1 + whole(3)) },
  }));
  for (const split of splits) steps.push({ kind: 'SPLIT', split });
  const accounts = new Map<string, { trades: OracleTrade[]; facts: OracleFact[] }>();
  for (let nth = 0; nth < histories; nth += 1) {
    const accountId = randomUUID();
    const own = { trades: [] as OracleTrade[], facts: [] as OracleFact[] };
    for (let times = 1 + whole(3); times > 0; times -= 1) {
      const [day, cents] = [dayOf(whole(daysInAll)), BigInt(1 + whole(1_000_000))];
      const amount = text(cents, 2);
      const kind = pick(['DEPOSIT', 'WITHDRAWAL'] as const);
      const sign = kind === 'DEPOSIT' ? 1n : -1n;
      const paymentId = randomUUID();
      const made = [
        [paid({ accountId, kind, amount, day, paymentId }), sign, true],
        [returned({ accountId, kind, amount, day, paymentId }), -sign, true],
        [corrected({ accountId, amount: `-${amount}`, day }), -1n, false],
        [dividendPaid({ accountId, amount, day }), 1n, false],
      ] as const;
      const [event, way, isFlow] = pick(made);
      own.facts.push({ day, cents: cents * way, isFlow });
      steps.push({ kind: 'EVENT', event });
    }
    for (let times = whole(4); times > 0; times -= 1) {
      const assetId = pick(assets);
      const parts = BigInt(1 + whole(3_000_000_000));
      const cents = BigInt(whole(500_000));
      const isSale = chance() < 0.3;
      const day = dayOf(whole(daysInAll));
      const trade = {
        assetId,
        day,
        parts: isSale ? -parts : parts,
        cents: isSale ? cents : -cents,
      };
      own.trades.push(trade);
      steps.push({ kind: 'TRADE', accountId, trade });
    }
    accounts.set(accountId, own);
  }
  return { market: { closes, splits }, accounts, steps };
}

/** Executions and splits as their owners in this context write them. */
async function book(steps: readonly Step[]): Promise<void> {
  const trades = steps.flatMap((step) => (step.kind === 'TRADE' ? [step] : []));
  const rows = trades.map(({ accountId, trade: { assetId, day, parts, cents } }) => ({
    ...{ account: accountId, asset: assetId, day, side: parts > 0n ? 'BUY' : 'SELL' },
    ...{
      quantity: text(parts > 0n ? parts : -parts, 9),
      value: text(cents < 0n ? -cents : cents, 2),
    },
  }));
  const named = `json_to_recordset($1::json)
    AS t(account uuid, asset uuid, day date, side text, quantity numeric, value numeric)`;
  await bench.sql.query(
    `INSERT INTO position SELECT DISTINCT account, asset, 'USD', 0, 0, 0, 0, now()
     FROM ${named} ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
  await bench.sql.query(
    `INSERT INTO execution SELECT gen_random_uuid(), 'x', account, asset, side, 'USD', quantity,
       value, 0, 1, false, day, day, day FROM ${named}`,
    [JSON.stringify(rows)],
  );
  for (const step of steps) {
    if (step.kind !== 'SPLIT') continue;
    const { assetId, day, numerator, denominator } = step.split;
    await bench.sql.query(
      `INSERT INTO corporate_action (id, asset_id, symbol, kind, ex_date, numerator, denominator,
         correlation_id, event_id, told_at)
       VALUES (gen_random_uuid(), $1, 'S', 'SPLIT', $2, $3, $4, 't', gen_random_uuid(), now())`,
      [assetId, day, numerator.toString(), denominator.toString()],
    );
  }
}

function shuffled<T>(items: readonly T[], chance: () => number): T[] {
  return items
    .map((item) => [chance(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

async function valuedDays(): Promise<Map<string, OracleDay[]>> {
  const { rows } = await bench.sql.query(`
    SELECT account_id, json_agg(json_build_array(day, cash * 100, shares * 100, inflow * 100,
      outflow * 100) ORDER BY day) AS days FROM account_day GROUP BY account_id`);
  const units = (value: number | null) => (value === null ? null : BigInt(Math.round(value)));
  return new Map(
    rows.map(({ account_id, days }) => [
      account_id,
      days.map(([day, cash, shares, inflow, outflow]: [string, ...number[]]) => ({
        ...{ day, cash: units(cash ?? null), shares: units(shares ?? null) },
        ...{ inflow: units(inflow ?? null), outflow: units(outflow ?? null) },
      })),
    ]),
  );
}

const seed = 4;

test('law: a thousand histories in any order, told twice, are valued as from scratch', async () => {
  const chance = createChance(seed);
  const world = aWorld(chance);
  const steps = shuffled(world.steps, chance);
  const pieces = 5;
  const size = Math.ceil(steps.length / pieces);
  for (let at = 0; at < steps.length; at += size) {
    const piece = steps.slice(at, at + size);
    const events = piece.flatMap((step) => (step.kind === 'EVENT' ? [step.event] : []));
    await book(piece);
    await bench.deliver(...events);
    await bench.deliver(...events.filter(() => chance() < 0.2));
    await valueAccounts(bench.app.deps);
  }
  const found = await valuedDays();
  const wrong = [...world.accounts].filter(([accountId, own]) => {
    const expected = oracleDays(own, world.market, through);
    return show(found.get(accountId) ?? []) !== show(expected);
  });
  expect(wrong.length).toBe(0);
  const { rows } = await bench.sql.query('SELECT count(*)::int AS marks FROM valuation_mark');
  expect(rows).toEqual([{ marks: 0 }]);
}, 120_000);

const show = (days: readonly OracleDay[]): string =>
  JSON.stringify(days, (_, value) => (typeof value === 'bigint' ? String(value) : value));

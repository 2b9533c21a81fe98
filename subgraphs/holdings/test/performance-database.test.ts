import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueAccounts } from '../src/performance/commands/value-accounts.ts';
import { type Bench, openBench } from './bench.ts';
import { closed, dividendPaid, paid } from './performance-builders.ts';

let bench: Bench;
let role: pg.Pool;
beforeAll(async () => {
  bench = await openBench();
  role = new pg.Pool({ connectionString: bench.roleUrl, max: 1 });
});
afterAll(async () => {
  await role.end();
  await bench.close();
});

const accountId = randomUUID();
const assetId = randomUUID();
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const fact = (kind: string, amount: string) =>
  `INSERT INTO cash_fact VALUES ('${kind}', gen_random_uuid(), '${accountId}', '2026-11-20',
     ${amount}, 'USD')`;

const checkViolation = '23514';
const restrictViolation = '23001';
const forbidden = '42501';

test.each([
  ['DEPOSIT', '-1'],
  ['WITHDRAWAL', '1'],
  ['DEPOSIT_RETURNED', '1'],
  ['WITHDRAWAL_RETURNED', '-1'],
  ['BUY', '1'],
  ['CORRECTION', '0'],
  ['GIFT', '1'],
])('a fact %s of %s is refused by the database', async (kind, amount) => {
  expect(await codeOf(bench.sql.query(fact(kind, amount)))).toBe(checkViolation);
});

describe('what is told stays told', () => {
  test.each([
    ['UPDATE cash_fact SET amount = 2 * amount', restrictViolation, forbidden],
    ['DELETE FROM cash_fact', restrictViolation, forbidden],
    ['TRUNCATE cash_fact', restrictViolation, forbidden],
    ['DELETE FROM asset_close', restrictViolation, forbidden],
    ['TRUNCATE asset_close', restrictViolation, forbidden],
  ])('%s', async (text, bySuperuser, byService) => {
    await bench.sql.query(fact('DEPOSIT', '1'));
    expect(await codeOf(bench.sql.query(text))).toBe(bySuperuser);
    expect(await codeOf(role.query(text))).toBe(byService);
  });
});

test('a close of nothing, and a mark of nothing, are refused', async () => {
  const close = `INSERT INTO asset_close VALUES ('${assetId}', '2026-11-20', 0, 1)`;
  expect(await codeOf(bench.sql.query(close))).toBe(checkViolation);
  const mark = `INSERT INTO valuation_mark (kind, from_day) VALUES ('CASH', '2026-11-20')`;
  expect(await codeOf(bench.sql.query(mark))).toBe(checkViolation);
});

test('whatever writes a fact around the application, it is valued', async () => {
  const id = randomUUID();
  await bench.sql.query(
    `INSERT INTO cash_fact VALUES ('DEPOSIT', '${id}', '${id}', '2026-11-19', 7, 'USD')`,
  );
  await valueAccounts(bench.app.deps);
  const { rows } = await bench.sql.query(
    `SELECT day::text, cash::text FROM account_day WHERE account_id = '${id}' ORDER BY day`,
  );
  expect(rows).toEqual(
    ['19', '20', '21', '22'].map((day) => ({ day: `2026-11-${day}`, cash: '7.0000' })),
  );
});

test('one payment is one fact, however often it is told; a dividend comes in parts', async () => {
  const id = randomUUID();
  const deposit = { accountId: id, kind: 'DEPOSIT', amount: '5.00', day: '2026-11-19' } as const;
  const once = { ...deposit, paymentId: randomUUID() };
  const dividend = dividendPaid({ accountId: id, amount: '2.00', day: '2026-11-19' });
  const lower = { ...dividend.payload, amount: '-0.50' };
  // Another event about the same payment: its id is new, the payment is not.
  await bench.deliver(paid(once), paid(once), dividend);
  await bench.deliver(paid(once), {
    ...dividend,
    ...{ eventId: randomUUID(), aggregateVersion: 2, payload: lower },
  });
  const { rows } = await bench.sql.query(
    `SELECT kind, amount::text FROM cash_fact WHERE account_id = '${id}' ORDER BY kind, amount`,
  );
  expect(rows).toEqual([
    { kind: 'DEPOSIT', amount: '5.0000' },
    { kind: 'DIVIDEND', amount: '-0.5000' },
    { kind: 'DIVIDEND', amount: '2.0000' },
  ]);
});

test('of two closes of a day the higher version counts, in either order', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const day = '2026-11-20';
  const told = [
    closed(
      day,
      [
        [one, '1.5'],
        [other, '2'],
      ],
      2,
    ),
    closed(day, [
      [one, '9'],
      [other, '9'],
    ]),
  ];
  await bench.deliver(...told);
  await bench.deliver(closed(day, [[other, '3']], 3));
  const { rows } = await bench.sql.query(
    `SELECT asset_id AS id, trim_scale(close)::text AS close FROM asset_close
     WHERE asset_id IN ('${one}', '${other}')`,
  );
  expect(new Map(rows.map(({ id, close }) => [id, close]))).toEqual(
    new Map([
      [one, '1.5'],
      [other, '3'],
    ]),
  );
});

test('a day that is over is valued though nothing happens, by whoever is the leader', async () => {
  const id = randomUUID();
  await bench.deliver(paid({ accountId: id, kind: 'DEPOSIT', amount: '5.00', day: '2026-11-20' }));
  const later = (at: string) => ({ ...bench.app.deps, clock: { now: () => new Date(at) } });
  const last = async () => {
    const { rows } = await bench.sql.query(
      `SELECT max(day)::text AS day FROM account_day WHERE account_id = '${id}'`,
    );
    return rows[0]?.day;
  };
  await valueAccounts(bench.app.deps);
  expect(await last()).toBe('2026-11-22');
  // One minute to midnight in New York, and one after it; two at once.
  await valueAccounts(later('2026-11-25T04:59:00.000Z'));
  expect(await last()).toBe('2026-11-23');
  const next = later('2026-11-25T05:01:00.000Z');
  await Promise.all([valueAccounts(next), valueAccounts(next)]);
  expect(await last()).toBe('2026-11-24');
});

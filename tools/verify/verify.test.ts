import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verify } from './run.ts';
import { anOrder, aWithdrawal, investment } from './sample-cases.ts';

const fixtures = {
  fees: 'tests/data/fee-tables.json',
  calendar: 'tests/data/calendar-cases.json',
  allocations: 'tests/data/allocation-fixtures.json',
  returns: 'tests/data/return-fixtures.json',
  lots: 'tests/data/return-fixtures.json',
} as const;

/** The verdicts on a file of these lists. */
function judge(kind: string, file: object) {
  const { exitCode, lines, complaint } = verify([kind, 'cases.json'], () => JSON.stringify(file));
  expect(complaint).toBeNull();
  const verdicts = lines.slice(0, -1).map((line) => JSON.parse(line));
  return { exitCode, result: lines.at(-1), verdicts };
}

describe('the command', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'simplebank-verify-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const command = ['--import', 'tsx', 'tools/verify.ts', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      encoding: 'utf8',
      env: { ...process.env, INIT_CWD: process.cwd() },
    });
    return { status, out: stdout.split('\n'), err: stderr };
  };

  test('prints a line for each case, then the result alone, and exits with 0', () => {
    const { status, out, err } = run('calendar', fixtures.calendar);
    expect({ status, end: out.slice(-2), lines: out.length, err }).toEqual({
      ...{ status: 0, end: ['21 passed, 0 failed', ''], lines: 23, err: '' },
    });
    expect(JSON.parse(out[5] ?? '')).toEqual({
      id: 'session 2024-03-29',
      ...{ expected: { open: null }, actual: { open: null }, ok: true },
    });
  });

  test('exits with 1 and shows the difference when an expectation was changed', () => {
    const path = join(folder, 'changed.json');
    const text = readFileSync(fixtures.fees, 'utf8');
    const changed = text.replace('"total": "5.11"', '"total": "5.12"');
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
    const { status, out } = run('fees', path);
    expect({ status, end: out.slice(-2) }).toEqual({
      ...{ status: 1, end: ['14 passed, 1 failed', ''] },
    });
    const fills = [{ sec: '0.11', taf: '0.00', commission: '5.00' }];
    expect(out.slice(0, -2).map((line) => JSON.parse(line))).toContainEqual({
      id: 'sell-100-at-50-fee-pause',
      ...{ expected: { fills, total: '5.12' }, actual: { fills, total: '5.11' }, ok: false },
    });
  });

  test('exits with 2 and one line when it cannot read the file', () => {
    const { status, out, err } = run('fees', join(folder, 'missing.json'));
    expect({ status, out }).toEqual({ status: 2, out: [''] });
    expect(err).toMatch(/^verify: \S*missing\.json: ENOENT: [^\n]*\n$/);
  });
});

test.each([
  ['fees', '15 passed, 0 failed'],
  ['calendar', '21 passed, 0 failed'],
  ['allocations', '16 passed, 0 failed'],
  ['returns', '19 passed, 0 failed'],
  ['lots', '3 passed, 0 failed'],
] as const)('the published cases of %s hold', (kind, result) => {
  const found = judge(kind, JSON.parse(readFileSync(fixtures[kind], 'utf8')));
  expect(found.verdicts.filter(({ ok }) => !ok)).toEqual([]);
  expect([found.exitCode, found.result]).toEqual([0, result]);
});

test('fees come from the bank’s own tables, whatever tables the file brings', () => {
  const secSection31 = { rows: [{ from: '2020-01-01', perMillion: '999.00' }] };
  expect(judge('fees', { secSection31, examples: [anOrder] }).result).toBe('1 passed, 0 failed');
});

test('fills of other orders are charged as the running totals grow', () => {
  const third = { quantity: '33.333333333', price: '3.00' };
  const fills = [
    { ...third, sec: '0.01', taf: '0.01', commission: '0.10' },
    { ...third, sec: '0.00', taf: '0.01', commission: '0.10' },
    { ...third, sec: '0', taf: '0', commission: '0.1' },
  ];
  const example = { ...anOrder, id: undefined, fills, total: '0.33' };
  expect(judge('fees', { examples: [example] }).verdicts).toEqual([
    expect.objectContaining({ id: 'examples[0]', ok: true }),
  ]);
});

test('the calendar answers CALENDAR_UNKNOWN beyond its years', () => {
  const unknown = 'CALENDAR_UNKNOWN';
  const probes = [
    { kind: 'session', date: '2031-01-02', expected: unknown },
    { kind: 'session', date: '1997-12-31', expected: { open: null } },
    { kind: 'clock', at: '2029-06-01T12:00:00Z', expected: { code: unknown } },
    { kind: 'settlement', tradeDate: '2028-12-29', expected: '2029-01-02' },
  ];
  const { exitCode, verdicts } = judge('calendar', {
    probes,
    tradingDaysPerYear: { 2031: 251, 2028: 251 },
  });
  expect(exitCode).toBe(1);
  expect(verdicts.map(({ id, actual, ok }) => [id, actual, ok])).toEqual([
    ['session 2031-01-02', unknown, true],
    ['session 1997-12-31', unknown, false],
    ['clock 2029-06-01T12:00:00Z', unknown, true],
    ['settlement 2028-12-29', unknown, false],
    ['tradingDaysPerYear 2028', 251, true],
    ['tradingDaysPerYear 2031', unknown, false],
  ]);
});

test('an instant is the same however it is written', () => {
  const expected = { open: '2025-11-28T09:30:00-05:00', close: '2025-11-28T18:00:00.000Z' };
  const probe = { kind: 'session', date: '2025-11-28', expected };
  expect(judge('calendar', { probes: [probe] }).result).toBe('1 passed, 0 failed');
  const late = { ...probe, expected: { ...expected, close: '2025-11-28T21:00:00Z' } };
  expect(judge('calendar', { probes: [late] }).result).toBe('0 passed, 1 failed');
});

test('only a trading day has a settlement date', () => {
  const on = (expected: string | null) => ({
    probes: [{ kind: 'settlement', tradeDate: '2024-03-29', expected }],
  });
  expect(judge('calendar', on(null)).result).toBe('1 passed, 0 failed');
  expect(judge('calendar', on('2024-04-02')).result).toBe('0 passed, 1 failed');
});

test('the minimum of the case decides what is skipped, else the bank’s own', () => {
  const [a, b] = [
    { asset: 'A', amount: '5.00' },
    { asset: 'B', amount: '4.99' },
  ];
  const skipped = [{ ...b, reason: 'BELOW_MINIMUM' }];
  const { result } = judge('allocations', {
    strategyOrders: [
      { ...investment, orders: [b, a] },
      { ...investment, minimumOrder: '5.00', orders: [a], skipped },
    ],
  });
  expect(result).toBe('2 passed, 0 failed');
});

test('a currency is cut in its own smallest unit', () => {
  const orders = (first: string, second: string) => [
    { asset: 'A', amount: first },
    { asset: 'B', amount: second },
  ];
  const { result } = judge('allocations', {
    strategyOrders: [
      { ...investment, amount: '10.001', currency: 'BHD', orders: orders('5.001', '5') },
      { ...investment, amount: '11', currency: 'JPY', orders: orders('6', '5') },
    ],
  });
  expect(result).toBe('2 passed, 0 failed');
});

test('what is held without a target is an excess, and a drift is close or it is wrong', () => {
  expect(judge('allocations', { cashFlow: [aWithdrawal] }).verdicts).toEqual([
    expect.objectContaining({ id: 'out', ok: true }),
  ]);
  const off = { ...aWithdrawal, driftAfter: '0.500000002' };
  expect(judge('allocations', { cashFlow: [off] }).verdicts).toEqual([
    expect.objectContaining({ id: 'out', ok: false }),
  ]);
});

test('taking everything out sells everything and leaves no drift', () => {
  const sells = [
    { asset: 'A', amount: '70.00' },
    { asset: 'C', amount: '30.00' },
  ];
  const all = { ...aWithdrawal, amount: '100.00', sells, driftAfter: null };
  expect(judge('allocations', { cashFlow: [all] }).result).toBe('1 passed, 0 failed');
});

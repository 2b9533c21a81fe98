import { expect, test } from 'vitest';
import { verify } from './run.ts';
import { aFill, anOrder, aWithdrawal, halves, investment } from './sample-cases.ts';

const complaintAbout = (kind: string, text: string) => {
  const { exitCode, lines, complaint } = verify([kind, 'cases.json'], () => text);
  expect({ exitCode, lines }).toEqual({ exitCode: 2, lines: [] });
  return complaint;
};

test.each([
  [[], 'verify: name a kind and a file: npm run -s verify -- '],
  [['fees'], 'verify: name a kind and a file: npm run -s verify -- '],
  [['taxes', 'a.json'], 'verify: there is no kind taxes: npm run -s verify -- '],
  [['constructor', 'a.json'], 'verify: there is no kind constructor: npm run -s verify -- '],
])('arguments %j get a line with the usage', (args, start) => {
  const { exitCode, complaint } = verify(args, () => '{}');
  const usage = '<fees|calendar|allocations|returns|lots> <file.json>';
  expect([exitCode, complaint]).toEqual([2, start + usage]);
});

const probesOf = (probe: object) => ({ probes: [probe] });
const orderOf = (change: object) => ({ examples: [{ ...anOrder, ...change }] });
const investmentOf = (change: object) => ({
  strategyOrders: [{ ...investment, orders: [], ...change }],
});
const onFriday = { kind: 'session', date: '2024-03-29', expected: { open: null } };

test.each([
  ['fees', '{"examples": [', 'is not JSON: '],
  ['fees', '[]', 'must be a JSON object with lists of cases'],
  ['fees', '{"probes": []}', 'there is no case for fees, which reads examples, notionalExamples'],
  ['fees', '{"examples": {}}', 'examples must be a list of cases'],
  ['fees', '{"examples": [7]}', 'case examples[0] must be an object'],
  [
    'fees',
    orderOf({ plan: 'gold' }),
    'case mine: field plan must be a commission plan of the bank',
  ],
  ['fees', orderOf({ plan: undefined }), 'case mine: field plan is missing'],
  ['fees', orderOf({ side: 'SHORT' }), 'case mine: field side must be BUY or SELL'],
  ['fees', orderOf({ fills: [] }), 'case mine: field fills must have a fill'],
  [
    'fees',
    orderOf({ fills: [{ ...aFill, price: 50 }] }),
    'case mine: field fills[0].price must be a decimal string such as "12.50"',
  ],
  [
    'fees',
    orderOf({ fills: [{ ...aFill, quantity: '0.0000000001' }] }),
    'case mine: field fills[0].quantity must have at most 9 decimals',
  ],
  [
    'fees',
    orderOf({ fills: [{ ...aFill, tradeDate: '2026-07-16' }] }),
    'case mine: field fills[0].tradeDate is not part of the format',
  ],
  [
    'fees',
    { notionalExamples: [{ amount: '-1.00', tradeDate: '2026-07-15', plan: 'zero' }] },
    'case amount -1.00 zero 2026-07-15: field amount must be above zero',
  ],
  [
    'calendar',
    probesOf({ kind: 'auction', at: 'noon' }),
    'case auction noon: field kind must be session, clock or settlement',
  ],
  [
    'calendar',
    probesOf({ ...onFriday, date: '2024-02-30' }),
    'case session 2024-02-30: field date must be a date such as "2026-07-15"',
  ],
  [
    'calendar',
    probesOf({ ...onFriday, expected: { opens: null } }),
    'case session 2024-03-29: field expected must be {open, close, early}, {"open": null} or ' +
      '"CALENDAR_UNKNOWN"',
  ],
  ['calendar', '{"tradingDaysPerYear": []}', 'tradingDaysPerYear must be days by year'],
  [
    'calendar',
    { tradingDaysPerYear: { 2024: 'many' } },
    'case tradingDaysPerYear 2024 must be a whole number or "CALENDAR_UNKNOWN"',
  ],
  [
    'allocations',
    { raw: [{ id: 'r', total: 1.5, weights: [], parts: [] }] },
    'case r: field total must be a whole number',
  ],
  [
    'allocations',
    { raw: [{ id: 'r', total: 1, weights: [{ key: 'a', weight: 0 }], parts: [0] }] },
    'case r: field weights must have a weight above zero to give the total to',
  ],
  [
    'allocations',
    investmentOf({ currency: 'XAU' }),
    'case mine: field currency must be an ISO 4217 code such as "USD"',
  ],
  [
    'allocations',
    investmentOf({ currency: 'JPY' }),
    'case mine: field amount must have no more decimals than its currency',
  ],
  [
    'allocations',
    investmentOf({ targets: halves.slice(1) }),
    'case mine: field targets must make 100.00 together',
  ],
  [
    'allocations',
    { cashFlow: [{ ...aWithdrawal, amount: '100.01' }] },
    'case out: field amount must not exceed the values',
  ],
])('%s of %j gets a line that says where', (kind, file, words) => {
  const complaint = complaintAbout(kind, typeof file === 'string' ? file : JSON.stringify(file));
  expect(complaint?.slice(0, `verify: cases.json: ${words}`.length)).toBe(
    `verify: cases.json: ${words}`,
  );
  expect(complaint).not.toContain('\n');
});

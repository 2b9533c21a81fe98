import { expect, test } from 'vitest';
import { verify } from './run.ts';

const flow = { date: '2025-01-01', amount: '-100' };
const back = { date: '2026-01-01', amount: '110' };
const rate = (change: object) => ({
  xirr: [{ id: 'mine', flows: [flow, back], expected: '0.10', ...change }],
});
const day = { date: '2025-01-02', inflow: '10', value: '10' };
const days = (change: object) => ({
  twr: [{ id: 'mine', days: [day], expectedTotal: '0', ...change }],
});
const buy = { date: '2024-01-02', side: 'BUY', quantity: '1', price: '10.00', fee: '0.00' };
const totals = {
  ...{ realisedGross: '0.00', realisedNet: '0.00', remainingQuantity: '1' },
  ...{ remainingCost: '10.00', remainingFees: '0.00' },
};
const lots = (trades: readonly object[], expected: object = { fifo: totals }) => ({
  lots: [{ id: 'mine', trades, expected }],
});
const drift = (change: object) => ({
  drift: [{ id: 'mine', target: ['50', '50'], actual: ['60', '40'], expected: '0.1', ...change }],
});

const decimal = 'must be a decimal string such as "12.50"';

test.each<[string, object | string, string]>([
  ['returns', '', 'is not JSON: '],
  ['returns', {}, 'there is no case for returns, which reads xirr, twr, gains, drift'],
  ['lots', { lots: [] }, 'there is no case for lots, which reads lots'],
  ['returns', { xirr: {} }, 'xirr must be a list of cases'],
  ['returns', { xirr: [null] }, 'case xirr[0] must be an object'],
  ['returns', rate({ flows: [] }), 'case mine: field flows must have a flow'],
  ['returns', rate({ flows: undefined }), 'case mine: field flows is missing'],
  [
    'returns',
    rate({ flows: [{ ...flow, amount: -5 }] }),
    `case mine: field flows[0].amount ${decimal}`,
  ],
  [
    'returns',
    rate({ flows: [{ ...flow, date: '2025-02-30' }] }),
    'case mine: field flows[0].date must be a date such as "2026-07-15"',
  ],
  [
    'returns',
    rate({ expected: null }),
    'case mine: field expected must say why with unavailable when it is null, and only then',
  ],
  [
    'returns',
    rate({ unavailable: 'OUT_OF_RANGE' }),
    'case mine: field expected must say why with unavailable when it is null, and only then',
  ],
  [
    'returns',
    rate({ expected: null, unavailable: 'UNLUCKY' }),
    'case mine: field unavailable must be one of NO_SIGN_CHANGE, NO_DURATION,',
  ],
  ['returns', rate({ guess: '0.1' }), 'case mine: field guess is not part of the format'],
  ['returns', rate({ tolerance: 'small' }), 'case mine: field tolerance must be a number such as'],
  ['returns', days({ days: [] }), 'case mine: field days must have a day'],
  [
    'returns',
    days({ days: [day, day] }),
    'case mine: field days must be in the order of their dates, each once',
  ],
  [
    'returns',
    days({ days: [{ ...day, inflow: '-1' }] }),
    'case mine: field days[0].inflow must not',
  ],
  [
    'returns',
    days({ expectedDaily: ['0', '0'] }),
    'case mine: field expectedDaily must have one return for each day',
  ],
  [
    'returns',
    drift({ actual: ['100'] }),
    'case mine: field actual must have as many shares as target',
  ],
  [
    'returns',
    { gains: [{ id: 'g', trades: [buy], lastPrice: '1' }] },
    'case g: field expected is missing',
  ],
  ['lots', lots([]), 'case mine: field trades must have a trade'],
  [
    'lots',
    lots([{ ...buy, side: 'SHORT' }]),
    'case mine: field trades[0].side must be BUY or SELL',
  ],
  ['lots', lots([{ ...buy, price: 10 }]), `case mine: field trades[0].price ${decimal}`],
  [
    'lots',
    lots([buy, { date: '2024-01-03', type: 'SPLIT', ratio: '4:1' }]),
    'case mine: field trades[1].ratio must be a ratio such as "4/1"',
  ],
  [
    'lots',
    lots([buy, { ...buy, side: 'SELL', quantity: '1.000000001' }]),
    'case mine: field trades[1].quantity must not exceed what is held',
  ],
  ['lots', lots([buy], {}), 'case mine: field expected must have a method'],
  ['lots', lots([buy], { fifo: {} }), 'case mine: field expected.fifo.realisedGross is missing'],
  [
    'lots',
    lots([buy], { best: totals }),
    'case mine: field expected.best is not part of the format',
  ],
])('%s of %j gets a line that says where', (kind, file, words) => {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const { exitCode, lines, complaint } = verify([kind, 'cases.json'], () => text);
  expect({ exitCode, lines }).toEqual({ exitCode: 2, lines: [] });
  expect(complaint?.slice(0, `verify: cases.json: ${words}`.length)).toBe(
    `verify: cases.json: ${words}`,
  );
  expect(complaint).not.toContain('\n');
});

function judge(kind: string, file: object) {
  const { exitCode, lines } = verify([kind, 'cases.json'], () => JSON.stringify(file));
  return { exitCode, verdicts: lines.slice(0, -1).map((line) => JSON.parse(line)) };
}

test('a return that is off by more than its tolerance is a difference', () => {
  expect(judge('returns', rate({ expected: '0.1000002' })).exitCode).toBe(1);
  expect(judge('returns', rate({ expected: '0.1000002', tolerance: '1e-6' })).exitCode).toBe(0);
  expect(judge('returns', days({ expectedTotal: null, unavailable: 'NO_BASE' })).exitCode).toBe(1);
  const noBase = { days: [{ ...day, inflow: '0' }], expectedTotal: null, unavailable: 'NO_BASE' };
  expect(judge('returns', days(noBase)).exitCode).toBe(0);
  expect(judge('returns', days({ expectedAnnualised: null })).exitCode).toBe(0);
  expect(judge('returns', days({ expectedAnnualised: '0' })).exitCode).toBe(1);
  expect(judge('returns', days({ calendarDays: 2 })).exitCode).toBe(1);
});

test('shares that are worth nothing, and cash that is owed, are judged like any others', () => {
  const loss = {
    ...{ realisedGross: '0.00', unrealisedGross: '-10.00', gross: '-10.00', fees: '0.00' },
    ...{ net: '-10.00', remainingQuantity: '1', remainingCost: '10.00' },
  };
  const gains = [{ id: 'g', trades: [buy], lastPrice: '0', expected: loss }];
  expect(judge('returns', { gains }).exitCode).toBe(0);
  const owing = { target: ['60', '40'], actual: ['120', '-20'], expected: '0.60' };
  expect(judge('returns', drift(owing)).exitCode).toBe(0);
  expect(judge('returns', drift({ ...owing, tolerance: '1E-9' })).exitCode).toBe(0);
});

test('lots of other methods are not computed, and a case of them alone does not pass', () => {
  const both = judge('lots', lots([buy], { fifo: totals, hifo: totals }));
  expect(both.verdicts[0]).toMatchObject({ ok: true, note: 'not computed: hifo' });
  const other = judge('lots', lots([buy], { lifo: totals }));
  expect(other.exitCode).toBe(1);
  expect(other.verdicts[0]).toMatchObject({
    ...{ ok: false, actual: 'NOT_SUPPORTED: lots are taken by fifo only' },
    note: 'not computed: lifo',
  });
});

test('lots and sales are compared whole when a case tells them', () => {
  const kept = { acquired: '2024-01-02', quantity: '1', cost: '10.00', fee: '0.00' };
  const told = (change: object) => lots([buy], { fifo: { ...totals, ...change } });
  expect(judge('lots', told({ lots: [kept], sales: [] })).exitCode).toBe(0);
  expect(judge('lots', told({ lots: [{ ...kept, acquired: '2024-01-03' }] })).exitCode).toBe(1);
  expect(judge('lots', told({ remainingFees: '0.01' })).exitCode).toBe(1);
});

test('a split comes before the trades of its day, wherever the file lists it', () => {
  const split = { date: '2024-01-03', type: 'SPLIT', ratio: '2/1' };
  const sale = { ...buy, date: '2024-01-03', side: 'SELL', quantity: '2', price: '6.00' };
  const sold = { ...totals, realisedGross: '2.00', realisedNet: '2.00', remainingQuantity: '0' };
  const expected = { fifo: { ...sold, remainingCost: '0.00', lots: [] } };
  expect(judge('lots', lots([buy, sale, split], expected)).exitCode).toBe(0);
});

import { describe, expect, test } from 'vitest';
import tables from './fee-tables.json' with { type: 'json' };

/** Rows are dated and immutable (domain §3.5): what a past day was charged can never change. */
describe('the rows of the fee tables', () => {
  const { secSection31, finraTaf, commission } = tables;
  const row = (from: string, ...values: readonly string[]) => [from, ...values].join(' ');

  test('say what they said when they were published; a new rate is a new row at the end', () => {
    expect(
      secSection31.rows.map(({ from, perMillion }) => row(from, perMillion)).slice(0, 7),
    ).toEqual([
      '2020-02-18 22.10',
      '2021-02-25 5.10',
      '2022-05-14 22.90',
      '2023-02-27 8.00',
      '2024-05-22 27.80',
      '2025-05-14 0.00',
      '2026-04-04 20.60',
    ]);
    const taf = finraTaf.rows.map((one) => row(one.from, one.perShare, one.capPerOrderAndDay));
    expect(taf.slice(0, 4)).toEqual([
      '2024-01-01 0.000166 8.30',
      '2026-01-01 0.000195 9.79',
      '2026-10-01 0 0.00',
      '2027-01-01 0.000195 9.79',
    ]);
    const plans = Object.entries(commission.plans).map(([name, [first]]) => [
      name,
      row(first?.from ?? '', ...[first?.basisPoints, first?.minimum, first?.maximum].map(String)),
    ]);
    expect(plans).toEqual([
      ['standard', '2024-01-01 10 0.01 20.00'],
      ['zero', '2024-01-01 0 0.00 0.00'],
    ]);
  });

  test('begin on days that follow each other, and each names its source', () => {
    const lists = [secSection31.rows, finraTaf.rows, ...Object.values(commission.plans)];
    for (const rows of lists) {
      const days = rows.map(({ from }) => from);
      expect(days).toEqual([...new Set(days)].sort());
    }
    const sources = [...secSection31.rows, ...finraTaf.rows].map(({ source }) => source);
    for (const source of sources) expect(source).toMatch(/SEC|FINRA/);
  });
});

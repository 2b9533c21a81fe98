import { expect, test } from 'vitest';
import { Quotes, Reports } from './http-answers.ts';

const trade = {
  ...{ kind: 'EXECUTED', clientId: '5c1e9a3c-6a63-4b3e-9d6e-000000000001', venueOrderId: 'V-1' },
  ...{ at: '2026-01-30T15:00:00.000Z', executionId: 'E-1' },
};
const isBelieved = (quantity: string, price: string): boolean => {
  const page = { reports: [{ ...trade, quantity, price }], resumePoint: '1' };
  return Reports.safeParse(page).success;
};

test.each([
  ['0.000000001', '0.000001', true],
  ['10.0000000000', '50.0000000', true],
  ['1000000000000', '1000000', true],
  ['0.0000000001', '50', false],
  ['10', '50.0000001', false],
  ['10', '0', false],
  ['-10', '50', false],
  ['1e3', '50', false],
  ['NaN', '50', false],
  ['10', '10000000000000000', false],
])('a report of %s at %s is believed: %s', (quantity, price, expected) => {
  expect(isBelieved(quantity, price)).toBe(expected);
});

test('a quote that the books would round is not believed', () => {
  const quotes = (last: string) => ({ quotes: [{ symbol: 'ABC', bid: '49', ask: '51', last }] });
  expect(Quotes.safeParse(quotes('50.000001')).success).toBe(true);
  expect(Quotes.safeParse(quotes('50.0000001')).success).toBe(false);
});

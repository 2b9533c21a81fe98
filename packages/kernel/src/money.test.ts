import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal } from './decimal.ts';
import { money, moneyText } from './money.ts';

test.each([
  ['0', '0.00'],
  ['-0', '0.00'],
  ['200', '200.00'],
  ['104.5', '104.50'],
  ['49.992', '49.992'],
  ['0.000000001', '0.000000001'],
  ['-40.4', '-40.40'],
  ['-0.005', '-0.005'],
  ['1234567890123456789', '1234567890123456789.00'],
])('%s dollars are written as %s', (amount, text) => {
  expect(moneyText(money(amount, 'USD'))).toBe(text);
});

test('the text of an amount is the amount: nothing is rounded away', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 27n), 10n ** 27n), fc.nat({ max: 15 }), (digits, decimals) => {
      const amount = new Decimal(digits.toString()).div(new Decimal(10).pow(decimals));
      expect(new Decimal(moneyText({ amount, currency: 'USD' })).equals(amount)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

import { Decimal } from '@simplebank/kernel/decimal';

/** Digits that returns are reckoned with: twice what is told of them, at half the cost of 60. */
const Working = Decimal.clone({ precision: 40 });

/** The same number, of which all that is reckoned has 40 digits. */
export const working = (value: Decimal | number): Decimal => new Working(value);

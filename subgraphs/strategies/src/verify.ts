/** The door for auditors (`npm run verify`): how money is cut, without a database or a process. */
export { driftOf, rebalance, type Stake, stakesAfter } from './domain/cash-flow.ts';
export { isBelowMinimum, splitAmount } from './domain/split.ts';
export { cash, type Slice } from './domain/strategy.ts';

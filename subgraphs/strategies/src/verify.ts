/** The door for auditors (`npm run verify`): how money is cut, without a database or a process. */

export { cash, type Slice } from './domain/slice.ts';
export { isBelowMinimum, splitAmount } from './domain/split.ts';
export { driftOf, rebalance, type Stake, stakesAfter } from './rebalancing/domain/cash-flow.ts';

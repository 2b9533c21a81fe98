export { findBalances, lockBalances, openLedgerAccounts } from './data/balances.ts';
export { findHolds } from './data/holds.ts';
export { savePostings } from './data/postings.ts';
export { availableOf, type Balances, withdrawableOf } from './domain/balances.ts';
export {
  type Hold,
  joinPostings,
  noPostings,
  type Postings,
  type Resolution,
  resolve,
} from './domain/postings.ts';
export {
  buyLegs,
  debtRepaidLegs,
  depositLegs,
  type Fees,
  feesTotal,
  saleLegs,
  settlementLegs,
  type Transaction,
  withdrawalLegs,
} from './domain/transaction.ts';
export { activitiesOf } from './queries/activities.ts';

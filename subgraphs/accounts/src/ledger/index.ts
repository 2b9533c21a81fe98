export { keepHouseCheckpoint } from './commands/keep-house-checkpoint.ts';
export { noteState } from './commands/note-state.ts';
export { listForStatement, sumFrom } from './data/activities.ts';
export { findBalances, lockBalances, openLedgerAccounts } from './data/balances.ts';
export { findBooked } from './data/booked.ts';
export { findHolds } from './data/holds.ts';
export { findHouse } from './data/house.ts';
export { savePostings } from './data/postings.ts';
export { noteOf } from './domain/activity.ts';
export { availableOf, type Balances, withdrawableOf } from './domain/balances.ts';
export {
  type Hold,
  joinPostings,
  noPostings,
  type Postings,
  type Resolution,
  resolve,
} from './domain/postings.ts';
export { type Repaid, repayDebt } from './domain/repay.ts';
export {
  accountOf,
  type Booked,
  movedOf,
  notReversible,
  type Reversal,
  type ReversalRefusal,
  reversalOf,
  type TransactionPart,
} from './domain/reversal.ts';
export { settlementDayOf } from './domain/settlement-day.ts';
export { readToldPlace } from './domain/told.ts';
export {
  buyLegs,
  correctionLegs,
  debtRepaidLegs,
  depositLegs,
  dividendLegs,
  type Fees,
  feesTotal,
  houseBuyLegs,
  issuerLegs,
  saleLegs,
  settlementLegs,
  type Transaction,
  takenLegs,
  withdrawalLegs,
} from './domain/transaction.ts';
export { type LedgerLoaders, ledgerLoaders } from './loaders.ts';
export { activitiesSince } from './queries/told.ts';
export { transactionBy } from './queries/transactions.ts';

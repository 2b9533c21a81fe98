import { Account } from './Account.ts';
import { Activity } from './Activity.ts';
import { LedgerTransaction } from './LedgerTransaction.ts';
import { houseBalances } from './Query/houseBalances.ts';
import { transaction } from './Query/transaction.ts';

export const ledgerResolvers = {
  Query: { houseBalances, transaction },
  Account,
  Activity,
  LedgerTransaction,
};

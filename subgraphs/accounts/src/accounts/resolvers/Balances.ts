import type { Decimal } from '@simplebank/kernel/decimal';
import { money } from '@simplebank/kernel/money';
import type { BalancesResolvers } from '../../generated/graphql.ts';
import {
  availableOf,
  type Balances as LedgerBalances,
  withdrawableOf,
} from '../../ledger/index.ts';

const inMoney = (amountOf: (balances: LedgerBalances) => Decimal) => (balances: LedgerBalances) =>
  money(amountOf(balances), balances.currency);

export const Balances: BalancesResolvers = {
  posted: inMoney(({ posted }) => posted),
  held: inMoney(({ held }) => held),
  available: inMoney(availableOf),
  unsettled: inMoney(({ unsettled }) => unsettled),
  withdrawable: inMoney(withdrawableOf),
  debt: inMoney(({ owed }) => owed),
};

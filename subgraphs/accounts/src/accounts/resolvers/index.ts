import { Account } from './Account.ts';
import { Balances } from './Balances.ts';
import { freezeAccount } from './Mutation/freezeAccount.ts';
import { openAccount } from './Mutation/openAccount.ts';
import { renameAccount } from './Mutation/renameAccount.ts';
import { unfreezeAccount } from './Mutation/unfreezeAccount.ts';
import { account } from './Query/account.ts';
import { accounts } from './Query/accounts.ts';

export const accountResolvers = {
  Query: { account, accounts },
  Mutation: { openAccount, renameAccount, freezeAccount, unfreezeAccount },
  Account,
  Balances,
};

import { Account } from './Account.ts';
import { Balances } from './Balances.ts';
import { closeAccount } from './Mutation/closeAccount.ts';
import { freezeAccount } from './Mutation/freezeAccount.ts';
import { liftLimit } from './Mutation/liftLimit.ts';
import { limitAccount } from './Mutation/limitAccount.ts';
import { openAccount } from './Mutation/openAccount.ts';
import { renameAccount } from './Mutation/renameAccount.ts';
import { reopenAccount } from './Mutation/reopenAccount.ts';
import { unfreezeAccount } from './Mutation/unfreezeAccount.ts';
import { account } from './Query/account.ts';
import { accountActivitySince } from './Query/accountActivitySince.ts';
import { accounts } from './Query/accounts.ts';

export const accountResolvers = {
  Query: { accountActivitySince, account, accounts },
  Mutation: {
    openAccount,
    renameAccount,
    closeAccount,
    reopenAccount,
    limitAccount,
    liftLimit,
    freezeAccount,
    unfreezeAccount,
  },
  Account,
  Balances,
};

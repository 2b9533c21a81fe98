import { Account } from './Account.ts';
import { Election, ElectionChange } from './Election.ts';
import { electStrategy } from './Mutation/electStrategy.ts';
import { endElection } from './Mutation/endElection.ts';

export const electionResolvers = {
  Mutation: { electStrategy, endElection },
  Account,
  Election,
  ElectionChange,
};

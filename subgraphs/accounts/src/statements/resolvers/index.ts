import { Account } from './Account.ts';
import { statement } from './Query/statement.ts';
import { Statement } from './Statement.ts';

export const statementResolvers = { Query: { statement }, Account, Statement };

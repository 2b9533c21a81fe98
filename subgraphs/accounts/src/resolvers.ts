import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import { accountResolvers } from './accounts/resolvers/index.ts';
import type { Resolvers } from './generated/graphql.ts';
import { identityResolvers } from './identity/resolvers/index.ts';
import { ledgerResolvers } from './ledger/resolvers/index.ts';
import { paymentResolvers } from './payments/resolvers/index.ts';
import { statementResolvers } from './statements/resolvers/index.ts';
import { tradeResolvers } from './trades/resolvers/index.ts';
import { verificationResolvers } from './verification/resolvers/index.ts';

/** The rooms' resolvers as one graph; two rooms may add to one type, never to one field. */
export const resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  LocalDate: scalars.LocalDate,
  Money: moneyResolvers,
  Query: {
    ...identityResolvers.Query,
    ...verificationResolvers.Query,
    ...accountResolvers.Query,
    ...paymentResolvers.Query,
    ...ledgerResolvers.Query,
    ...statementResolvers.Query,
    ...tradeResolvers.Query,
  },
  Mutation: {
    ...identityResolvers.Mutation,
    ...verificationResolvers.Mutation,
    ...accountResolvers.Mutation,
    ...paymentResolvers.Mutation,
    ...tradeResolvers.Mutation,
  },
  Customer: { ...identityResolvers.Customer, ...verificationResolvers.Customer },
  Account: {
    ...accountResolvers.Account,
    ...ledgerResolvers.Account,
    ...paymentResolvers.Account,
    ...statementResolvers.Account,
  },
  Activity: ledgerResolvers.Activity,
  LedgerTransaction: ledgerResolvers.LedgerTransaction,
  Balances: accountResolvers.Balances,
  Payment: paymentResolvers.Payment,
  Statement: statementResolvers.Statement,
  PaymentNotice: paymentResolvers.PaymentNotice,
} satisfies Resolvers;

import { type Currency, type Money, money } from '@simplebank/kernel/money';
import { monthAfter, monthStart } from '@simplebank/kernel/month';
import type { StatementResolvers } from '../../generated/graphql.ts';
import { documentOf, entriesOf } from '../queries/statements.ts';

export const Statement: StatementResolvers = {
  id: ({ accountId, month }) => `${accountId}:${month}`,
  from: ({ month }) => monthStart(month),
  to: ({ month }) => monthStart(monthAfter(month)),
  opening: ({ opening, currency }) => money(opening, currency),
  closing: ({ closing, currency }) => money(closing, currency),
  debt: ({ owed, currency }) => money(owed, currency),
  json: async (statement, _, { loaders }) => (await loaders.statementTexts.load(statement)).json,
  csv: async (statement, _, { loaders }) => (await loaders.statementTexts.load(statement)).csv,

  entries: async (statement, page, context) => {
    const { currency } = statement;
    const found = await entriesOf(context, statement, page);
    const shown = ({ at, amount, balance, value, ...rest }: (typeof found.nodes)[number]) => ({
      ...rest,
      at: new Date(at),
      amount: money(amount, currency),
      balance: money(balance, currency),
      value: maybe(value, currency),
    });
    const edges = found.edges.map(({ cursor, node }) => ({ cursor, node: shown(node) }));
    return { edges, nodes: edges.map(({ node }) => node), pageInfo: found.pageInfo };
  },

  positions: async (statement, _, context) => {
    const { currency } = statement;
    const { positions } = await documentOf(context, statement);
    return positions.map(({ cost, value, priceAt, ...rest }) => ({
      ...rest,
      cost: money(cost, currency),
      value: maybe(value, currency),
      priceAt: priceAt === null ? null : new Date(priceAt),
    }));
  },

  positionsValue: async (statement, _, context) =>
    maybe((await documentOf(context, statement)).positionsValue, statement.currency),

  fees: async (statement, _, context) => {
    const { currency } = statement;
    const { commission, sec, taf, total } = (await documentOf(context, statement)).fees;
    return {
      commission: money(commission, currency),
      sec: money(sec, currency),
      taf: money(taf, currency),
      total: money(total, currency),
    };
  },

  realizedGain: async (statement, _, context) =>
    money((await documentOf(context, statement)).realizedGain, statement.currency),
};

const maybe = (amount: string | null, currency: Currency): Money | null =>
  amount === null ? null : money(amount, currency);

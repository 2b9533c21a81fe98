import { Decimal } from '@simplebank/kernel/decimal';
import { type BankClient, UnexpectedAnswer, waitFor } from '../bank/client.ts';

type Amount = { readonly amount: string } | null;
type Holding = {
  readonly symbol: string | null;
  readonly quantity: string;
  readonly reserved: string;
  readonly price: string | null;
  readonly value: Amount;
  readonly cost: Amount;
  readonly unrealizedGain: Amount;
};
export type Portfolio = {
  readonly balances: Readonly<Record<'posted' | 'held' | 'unsettled' | 'available', Amount>>;
  readonly holdings: readonly Holding[];
};

const text = `query Portfolio($id: ID!) { account(id: $id) {
  balances { posted { amount } held { amount } unsettled { amount } available { amount } }
  currentHoldings { symbol quantity reserved price
    value { amount } cost { amount } unrealizedGain { amount } } } }`;

type Answer = {
  readonly account: {
    readonly balances: Portfolio['balances'];
    readonly currentHoldings: readonly Holding[];
  } | null;
};

/** Cash and positions once nothing is held or reserved; the last releases may be under way. */
export async function seePortfolio(customer: BankClient, accountId: string): Promise<Portfolio> {
  return waitFor('the release of what was held', async () => {
    const { account } = await customer.ask<Answer>(text, { id: accountId });
    if (!account) throw new UnexpectedAnswer(`account ${accountId} is not to be seen`);
    const { balances, currentHoldings } = account;
    const settled =
      new Decimal(balances.held?.amount ?? 0).isZero() &&
      currentHoldings.every(({ reserved }) => new Decimal(reserved).isZero());
    return settled ? { balances, holdings: currentHoldings } : null;
  });
}

const widths = [8, 14, 11, 12, 12, 10] as const;

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) =>
      index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index] ?? 0),
    )
    .join('  ');

/** The portfolio as a person reads it at a terminal. */
export function portfolioTable({ balances, holdings }: Portfolio): string {
  const head = row(['asset', 'quantity', 'price', 'cost', 'value', 'gain']);
  const lines = holdings.map(({ symbol, quantity, price, cost, value, unrealizedGain }) =>
    row([
      symbol ?? '?',
      quantity,
      price ?? '–',
      cost?.amount ?? '–',
      value?.amount ?? '–',
      unrealizedGain?.amount ?? '–',
    ]),
  );
  const { posted, unsettled, available } = balances;
  const cash =
    `cash ${posted?.amount} USD, available ${available?.amount}, ` +
    `not yet settled ${unsettled?.amount}`;
  return [head, '-'.repeat(head.length), ...lines, '', cash].map((line) => `  ${line}`).join('\n');
}

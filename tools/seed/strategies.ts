import type { BankClient } from '../bank/client.ts';
import { succeeded } from '../bank/customer.ts';
import { invest } from '../bank/trading.ts';
import type { DemoCustomer } from './customers.ts';

const cash = 'CASH';

/** Percentages by symbol; CASH stays on the account. */
export const strategies = [
  {
    name: 'Big and steady',
    assets: { AAPL: '20.00', MSFT: '20.00', JPM: '15.00', JNJ: '15.00', PG: '15.00', KO: '15.00' },
  },
  {
    name: 'Technology with a cushion',
    assets: { NVDA: '30.00', AVGO: '25.00', ORCL: '25.00', [cash]: '20.00' },
  },
] as const;

const createText = `mutation Create($input: CreateStrategyInput!) {
  createStrategy(input: $input) { __typename
    ... on CreateStrategySuccess { strategy { id name } }
    ... on CreateStrategyRefusal { code message } } }`;

/** Strategy ids by name. */
export async function createStrategies(staff: BankClient): Promise<Record<string, string>> {
  const created = await Promise.all(
    strategies.map(async ({ name, assets }) => {
      const rows = Object.entries(assets).map(([assetId, percentage]) => ({ assetId, percentage }));
      const input = { name, assets: rows, idempotencyKey: `demo-${name}` };
      type Success = { readonly __typename: string; readonly strategy: { readonly id: string } };
      const answer = await staff.ask<{ createStrategy: Success }>(createText, { input });
      return [name, succeeded(answer.createStrategy, `creating ${name}`).strategy.id] as const;
    }),
  );
  return Object.fromEntries(created);
}

/** The first customer puts money for the house into the steady strategy. */
export async function investments(
  customers: readonly DemoCustomer[],
  strategyIds: Readonly<Record<string, string>>,
): Promise<void> {
  const ada = customers.find(({ email }) => email === 'ada@example.com');
  if (!ada) return;
  await invest(ada.door, {
    strategyId: strategyIds['Big and steady'] ?? '',
    accountId: ada.accounts['For the house'] ?? '',
    amount: '2500.00',
    idempotencyKey: 'demo-invest-house',
  });
}

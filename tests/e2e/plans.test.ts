import { clockAt } from '@simplebank/kernel/calendar';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { succeeded } from '../../tools/bank/customer.ts';
import { newInvestor } from './people.ts';
import { embeddedOnly, isDistributed, startWholeBank, type WholeBank } from './whole-bank.ts';

/** A plan runs on trading days only and a test on any: its bank lives an hour after an opening. */
const opening = clockAt(new Date()).nextOpen;
const today = opening.toISOString().slice(0, 10);
const afterOpeningMs = 3_600_000;

let bank: WholeBank;
let strategyId: string;
beforeAll(async () => {
  if (isDistributed) return;
  const now = new Date(opening.getTime() + afterOpeningMs);
  vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: true });
  bank = await startWholeBank();
  strategyId = await waitFor('a strategy', () => aStrategy().catch(() => null));
});
afterAll(async () => {
  await bank?.close();
  vi.useRealTimers();
});

const createText = `mutation($input: CreateStrategyInput!) { createStrategy(input: $input) {
  __typename ... on CreateStrategySuccess { strategy { id } } } }`;
const planText = `mutation($input: CreatePlanInput!) { createPlan(input: $input) {
  __typename
  ... on CreatePlanSuccess { plan { id } }
  ... on CreatePlanRefusal { code message } } }`;
const accountText = `query($id: ID!) { account(id: $id) {
  balances { available { amount } held { amount } }
  payments(first: 10) { nodes { kind status amount { amount } reference } }
  orders { symbol status amount { amount } }
  plans { nodes { id state nextRunOn runs { nodes {
    period dueOn state reason payment { status amount { amount } }
    strategyOrder { status cash { amount } parts { symbol amount { amount } order { status } } }
  } } } } } }`;

type Run = Readonly<Record<'state' | 'period', string>>;
type Account = {
  readonly plans: { readonly nodes: readonly { readonly runs: { readonly nodes: Run[] } }[] };
  readonly orders: readonly object[];
  readonly payments: { readonly nodes: readonly object[] };
};
const see = async (door: BankClient, id: string): Promise<Account> =>
  (await door.ask<{ readonly account: Account }>(accountText, { id })).account;

async function aStrategy(): Promise<string> {
  const assets = [
    { assetId: 'ABC', percentage: '30' },
    { assetId: 'DEF', percentage: '60' },
    { assetId: 'CASH', percentage: '10' },
  ];
  type Created = {
    readonly createStrategy: {
      readonly __typename: string;
      readonly strategy: { readonly id: string };
    };
  };
  const input = { name: 'Thirty sixty', assets, idempotencyKey: 'strategy', reason: 'test' };
  const { createStrategy } = await bank.staff.ask<Created>(createText, { input });
  return succeeded(createStrategy, 'creating').strategy.id;
}

/** The trading day on which the run after seven days is due. */
function nextWeek(): string {
  const planned = new Date(`${today}T05:00:00Z`).getTime() + 7 * 86_400_000;
  return clockAt(new Date(planned)).nextOpen.toISOString().slice(0, 10);
}

const clockOfTheTest = embeddedOnly('it moves the clock of all processes');
test.skipIf(isDistributed)(
  `a weekly plan deposits, invests by real orders, runs once, and waits a week ${clockOfTheTest}`,
  async () => {
    const { door, accountId } = await newInvestor(bank.web, '5.00');
    const terms = { amount: '100.00', interval: 'WEEKLY', startDate: today, funding: 'DEPOSIT' };
    const input = { accountId, strategyId, ...terms, idempotencyKey: 'plan' };
    type Made = { readonly createPlan: { readonly __typename: string; readonly plan: object } };
    const { createPlan } = await door.ask<Made>(planText, { input });
    succeeded(createPlan, 'planning');

    const account = await waitFor('the end of the run', async () => {
      const seen = await see(door, accountId);
      const [run] = seen.plans.nodes[0]?.runs.nodes ?? [];
      return run && ['COMPLETED', 'FAILED', 'SKIPPED'].includes(run.state) ? seen : null;
    });
    const part = (symbol: string, amount: string) => ({
      ...{ symbol, amount: { amount }, order: { status: 'FILLED' } },
    });
    expect(account.plans.nodes).toMatchObject([
      {
        ...{ state: 'ACTIVE' },
        nextRunOn: nextWeek(),
        runs: {
          nodes: [
            {
              ...{ period: today, dueOn: today, state: 'COMPLETED', reason: null },
              payment: { status: 'COMPLETED', amount: { amount: '100.00' } },
              strategyOrder: {
                status: 'COMPLETED',
                cash: { amount: '10.00' },
                parts: [part('ABC', '30.00'), part('DEF', '60.00')],
              },
            },
          ],
        },
      },
    ]);
    expect(account.orders).toHaveLength(2);
    expect(account.payments.nodes).toHaveLength(2);
    expect(account.payments.nodes[0]).toEqual({
      ...{ kind: 'DEPOSIT', status: 'COMPLETED', amount: { amount: '100.00' } },
      reference: `Recurring plan, ${today}`,
    });
  },
);

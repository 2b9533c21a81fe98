import { randomUUID } from 'node:crypto';
import { type BankClient, UnexpectedAnswer } from '../bank/client.ts';
import { deposit, signIn, signUp } from '../bank/customer.ts';
import { activateAccount, openAccount, submitProfile } from '../bank/onboarding.ts';
import { invest, orderEnds, placeOrder, type SeenOrder } from '../bank/trading.ts';
import { portfolioTable, seePortfolio } from './portfolio.ts';

type Strategy = { readonly id: string; readonly name: string };

/** Runs a step, prints what came of it and how long it took. */
async function step<T>(
  what: string,
  work: () => Promise<T>,
  outcome: (result: T) => string,
): Promise<T> {
  const started = performance.now();
  const result = await work();
  const ms = Math.round(performance.now() - started);
  console.log(`  ${what.padEnd(30)} ${`${ms} ms`.padStart(8)}   ${outcome(result)}`);
  return result;
}

const traded = ({ status, filledQuantity, symbol, averagePrice, fees }: SeenOrder): string =>
  `${status}: ${filledQuantity} ${symbol} at ${averagePrice?.amount}, fees ${fees.total.amount}`;

async function someStrategy(customer: BankClient): Promise<Strategy> {
  const text = '{ strategies(first: 1) { nodes { id name } } }';
  const { strategies } = await customer.ask<{ strategies: { nodes: Strategy[] } }>(text);
  const [first] = strategies.nodes;
  if (!first) throw new UnexpectedAnswer('the bank has no strategy: start it with its demo data');
  return first;
}

/** Signs a new customer up and in; answers the door as that customer. */
async function enter(web: BankClient, run: string): Promise<BankClient> {
  const credentials = { email: `dora-${run.slice(0, 8)}@example.com`, password: `dora-${run}` };
  console.log(`\nThe story of Dora (${credentials.email}) at ${web.url}\n`);
  await step(
    'signs up',
    () => signUp(web, { ...credentials, name: 'Dora Demo' }),
    () => 'registered',
  );
  return step(
    'signs in',
    () => signIn(web, credentials),
    () => 'has a token',
  );
}

/**
 * A new customer signs up, deposits, buys, sells a part, invests in a strategy and looks at the
 * portfolio. Throws UnexpectedAnswer at the first step that does not end as told.
 */
export async function tellStory(web: BankClient): Promise<void> {
  const run = randomUUID();
  const dora = await enter(web, run);
  const accountId = await openFirstAccount(dora, run);
  await step(
    'deposits 10,000.00',
    () => deposit(dora, { accountId, amount: '10000.00', key: `${run}-deposit` }),
    () => 'COMPLETED: booked in the ledger',
  );
  const order = { accountId, assetId: 'AAPL', type: 'MARKET' } as const;
  const trade = async (side: 'BUY' | 'SELL', quantity: string) => {
    const placed = await placeOrder(dora, {
      ...order,
      side,
      quantity,
      idempotencyKey: `${run}-${side}`,
    });
    return orderEnds(dora, { id: placed.id });
  };
  await step('buys 10 AAPL', () => trade('BUY', '10'), traded);
  await step('sells 4 of them', () => trade('SELL', '4'), traded);
  await investPart(dora, { accountId, run });
  console.log(`\n${portfolioTable(await seePortfolio(dora, accountId))}\n`);
}

/** The account takes money once the bank knows who Dora is. */
async function openFirstAccount(dora: BankClient, run: string): Promise<string> {
  await step(
    'tells who she is',
    () => submitProfile(dora, 'Dora Demo'),
    () => 'profile submitted',
  );
  const { id } = await step(
    'opens an account',
    () => openAccount(dora, { name: 'My first account', key: `${run}-account` }),
    ({ number }) => `account ${number}`,
  );
  await step(
    'is verified',
    () => activateAccount(dora, id),
    () => 'ACTIVE: the account takes money',
  );
  return id;
}

async function investPart(
  dora: BankClient,
  { accountId, run }: { readonly accountId: string; readonly run: string },
): Promise<void> {
  const strategy = await someStrategy(dora);
  const idempotencyKey = `${run}-invest`;
  const wish = { strategyId: strategy.id, accountId, amount: '1000.00', idempotencyKey };
  const { parts } = await step(
    'invests 1,000.00',
    () => invest(dora, wish),
    ({ status, parts }) => `${status}: ${parts.length} orders of "${strategy.name}"`,
  );
  for (const { symbol, percentage, amount } of parts) {
    console.log(`${' '.repeat(43)}  ${percentage} % of ${symbol} is ${amount.amount}`);
  }
}

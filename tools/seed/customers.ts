import type { BankClient } from '../bank/client.ts';
import { deposit, signIn, signUp } from '../bank/customer.ts';
import { activateAccount, openAccount, submitProfile } from '../bank/onboarding.ts';
import { orderEnds, placeOrder } from '../bank/trading.ts';
import { demoPassword, type Person } from './people.ts';
import type { Trade } from './trades.ts';

export type DemoCustomer = {
  readonly email: string;
  readonly door: BankClient;
  /** Account ids by the account's name. */
  readonly accounts: Readonly<Record<string, string>>;
};

/**
 * Signs the people up and in, has them verified, opens their accounts and waits until each is
 * active and has its money. The accounts are opened one after the other, so that each bank gives
 * them the same numbers: Ada's is 1.
 */
export async function openCustomers(
  web: BankClient,
  people: readonly Person[],
): Promise<readonly DemoCustomer[]> {
  const doors = await Promise.all(people.map((person) => register(web, person)));
  const customers: DemoCustomer[] = [];
  for (const [index, person] of people.entries()) {
    const door = doors[index];
    if (door) customers.push(await openAccounts(door, person));
  }
  await Promise.all(people.map((person, index) => fund(customers[index], person)));
  return customers;
}

async function register(web: BankClient, { email, name }: Person): Promise<BankClient> {
  await signUp(web, { email, password: demoPassword, name });
  const door = await signIn(web, { email, password: demoPassword });
  await submitProfile(door, name);
  return door;
}

const keyOf = (account: string) => `demo-${account}`;

async function openAccounts(door: BankClient, person: Person): Promise<DemoCustomer> {
  const accounts: Record<string, string> = {};
  for (const { name } of person.accounts) {
    accounts[name] = (await openAccount(door, { name, key: keyOf(name) })).id;
  }
  return { email: person.email, door, accounts };
}

async function fund(customer: DemoCustomer | undefined, { accounts }: Person): Promise<void> {
  if (!customer) return;
  await Promise.all(
    accounts.map(async ({ name, deposit: amount }) => {
      const accountId = customer.accounts[name] ?? '';
      await activateAccount(customer.door, accountId);
      await deposit(customer.door, { accountId, amount, key: `${keyOf(name)}-money` });
    }),
  );
}

/** Trades of one asset come one after the other, since a sale needs its purchase. */
export async function trade(customer: DemoCustomer, trades: readonly Trade[]): Promise<void> {
  const own = trades
    .filter(({ email }) => email === customer.email)
    .map((each, index) => ({ ...each, key: `demo-trade-${index}` }));
  const symbols = [...new Set(own.map(({ symbol }) => symbol))];
  await Promise.all(
    symbols.map((wanted) =>
      tradeAll(
        customer,
        own.filter(({ symbol }) => symbol === wanted),
      ),
    ),
  );
}

async function tradeAll(
  { door, accounts }: DemoCustomer,
  trades: readonly (Trade & { readonly key: string })[],
): Promise<void> {
  for (const { account, symbol, side, quantity, key } of trades) {
    const { id } = await placeOrder(door, {
      accountId: accounts[account] ?? '',
      assetId: symbol,
      side,
      type: 'MARKET',
      quantity,
      idempotencyKey: key,
    });
    await orderEnds(door, { id });
  }
}

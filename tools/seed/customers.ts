import type { BankClient } from '../bank/client.ts';
import { deposit, openAccount, signIn, signUp } from '../bank/customer.ts';
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
 * Signs the people up and in, opens their accounts and waits until each has its money. The accounts
 * are opened one after the other, so that each bank gives them the same numbers: Ada's is 1.
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
  return signIn(web, { email, password: demoPassword });
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
    accounts.map(({ name, deposit: amount }) => {
      const accountId = customer.accounts[name] ?? '';
      return deposit(customer.door, { accountId, amount, key: `${keyOf(name)}-money` });
    }),
  );
}

/** Carries the customer's trades out one after the other, since a sale needs its purchase. */
export async function trade(customer: DemoCustomer, trades: readonly Trade[]): Promise<void> {
  const own = trades.filter(({ email }) => email === customer.email);
  for (const [index, { account, symbol, side, quantity }] of own.entries()) {
    const { id } = await placeOrder(customer.door, {
      accountId: customer.accounts[account] ?? '',
      assetId: symbol,
      side,
      type: 'MARKET',
      quantity,
      idempotencyKey: `demo-trade-${index}`,
    });
    await orderEnds(customer.door, { id });
  }
}

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

/** Signs the person up and in, opens the accounts and waits until each has its money. */
export async function openCustomer(web: BankClient, person: Person): Promise<DemoCustomer> {
  const { email, name } = person;
  await signUp(web, { email, password: demoPassword, name });
  const door = await signIn(web, { email, password: demoPassword });
  const opened = await Promise.all(
    person.accounts.map(async (wanted) => {
      const key = `demo-${wanted.name}`;
      const { id } = await openAccount(door, { name: wanted.name, key });
      await deposit(door, { accountId: id, amount: wanted.deposit, key: `${key}-money` });
      return [wanted.name, id] as const;
    }),
  );
  return { email, door, accounts: Object.fromEntries(opened) };
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

import { randomUUID } from 'node:crypto';
import type { BankClient } from '../../tools/bank/client.ts';
import { deposit, openAccount, signIn, signUp } from '../../tools/bank/customer.ts';

export type Investor = { readonly door: BankClient; readonly accountId: string };

/** A new customer, signed in at this door, with an account that holds this much. */
export async function newInvestor(web: BankClient, amount: string): Promise<Investor> {
  const credentials = { email: `${randomUUID()}@example.com`, password: 'a-long-enough-secret' };
  await signUp(web, { ...credentials, name: 'Ina Investor' });
  const door = await signIn(web, credentials);
  const { id } = await openAccount(door, { name: 'Main', key: 'open' });
  await deposit(door, { accountId: id, amount, key: 'deposit' });
  return { door, accountId: id };
}

import { randomUUID } from 'node:crypto';
import type { BankClient } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';

export type Investor = {
  readonly door: BankClient;
  readonly accountId: string;
  readonly credentials: { readonly email: string; readonly password: string };
};

/** A new customer, signed in at this door, with an account that holds this much. */
export async function newInvestor(web: BankClient, amount: string): Promise<Investor> {
  const credentials = { email: `${randomUUID()}@example.com`, password: 'a-long-enough-secret' };
  const legalName = 'Ina Investor';
  await signUp(web, { ...credentials, name: legalName });
  const door = await signIn(web, credentials);
  const { id } = await openActiveAccount(door, { legalName, name: 'Main', key: 'open' });
  await deposit(door, { accountId: id, amount, key: 'deposit' });
  return { door, accountId: id, credentials };
}

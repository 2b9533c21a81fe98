import { type BankClient, bankClient, UnexpectedAnswer, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';

export type Person = {
  readonly door: BankClient;
  readonly accountId: string;
  readonly ownedSymbol: string;
};

const password = 'a-password-for-the-bench';
const deposits = 5;
const depositEach = '1000000.00';
const sharesToSell = '2000';
/** A few assets, so that sales of many customers do not meet in one. */
const ownedSymbols = ['KO', 'PFE', 'T', 'F', 'BAC'];
/** Signing up costs a password's hash, for which a busy machine keeps callers waiting. */
const atOnce = 2;

/** Signs customers up, with an account each, money for many buys and shares to sell. */
export async function openPeople(webUrl: string, count: number): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let first = 0; first < count; first += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, count - first) }, (_, n) => first + n);
    people.push(...(await Promise.all(indexes.map((index) => open(webUrl, index)))));
  }
  return people;
}

async function open(webUrl: string, index: number): Promise<Person> {
  const email = `bench-${index}@example.com`;
  const name = `Bench Customer ${index}`;
  const web = bankClient(webUrl);
  await signUp(web, { email, password, name });
  const door = await signIn(web, { email, password });
  const { id: accountId } = await openActiveAccount(door, {
    ...{ legalName: name, name: 'Bench', key: 'open' },
  });
  for (let nth = 0; nth < deposits; nth += 1) {
    await deposit(door, { accountId, amount: depositEach, key: `deposit-${nth}` });
  }
  const ownedSymbol = ownedSymbols[index % ownedSymbols.length] ?? 'KO';
  await buyShares(door, accountId, ownedSymbol);
  return { door, accountId, ownedSymbol };
}

/** What a bank that has just started for the first time does not know of an asset yet. */
const comesSoon = /ASSET_NOT_TRADABLE|ASSET_UNKNOWN|PRICE_UNAVAILABLE/;

async function buyShares(door: BankClient, accountId: string, assetId: string): Promise<void> {
  let attempt = 0;
  const { id } = await waitFor(`${assetId} being tradable`, async () => {
    attempt += 1;
    try {
      return await placeOrder(door, {
        ...{ accountId, assetId, side: 'BUY', type: 'MARKET' },
        ...{ quantity: sharesToSell, idempotencyKey: `shares-to-sell-${attempt}` },
      });
    } catch (error) {
      if (error instanceof UnexpectedAnswer && comesSoon.test(error.message)) return null;
      throw error;
    }
  });
  await orderEnds(door, { id });
}

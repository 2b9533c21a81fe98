import {
  type BankClient,
  bankClient,
  UnexpectedAnswer,
  waitFor,
} from '../../../tools/bank/client.ts';
import type { Keys } from '../../../tools/embedded/keys.ts';
import { registerStaff, signInStaff } from '../../../tools/seed/staff.ts';

/** What a bank of a test reads: it trades at any hour and takes no time where a real one must. */
export const quick = {
  WEB_PORT: '0',
  MOBILE_PORT: '0',
  FEDERATION_PORT: '0',
  ACCOUNTS_SCRYPT_COST: '10',
  ACCOUNTS_PROVIDER_DELAY_MS: '20',
  MARKET_CALENDAR: 'always',
};

const registerText = `mutation($input: RegisterAssetsInput!) { registerAssets(input: $input) {
  __typename } }`;

/** Four assets with prices: what the tests trade. */
async function listAssets(staff: BankClient): Promise<void> {
  const assets = ['AAPL', 'MSFT', 'ABC', 'DEF'].map((symbol) => ({
    symbol,
    name: `${symbol} Inc.`,
  }));
  await staff.ask(registerText, { input: { assets, reason: 'to be traded in a test' } });
  await waitFor('the first price', async () => {
    type Seen = { readonly asset: { readonly price: string | null } };
    const { asset } = await staff.ask<Seen>('{ asset(id: "DEF") { price } }');
    return asset.price;
  });
}

function nullIfRefused(error: unknown): null {
  if (error instanceof UnexpectedAnswer) return null;
  throw error;
}

/** Registers staff and assets on a new bank: its door for customers, and staff signed in. */
export async function openDoors(bank: { urls: Readonly<Record<string, string>> }, keys: Keys) {
  const door = (name: string) => bankClient(`${bank.urls[name]}/graphql`);
  // On a crowded machine the first transactions may find no connection in time.
  await waitFor('staff registered', () =>
    registerStaff(door('accounts'), keys.assertionPrivateKey)
      .then(() => true)
      .catch(nullIfRefused),
  );
  const staff = await waitFor('staff signed in', () =>
    signInStaff(door('federation')).catch(nullIfRefused),
  );
  await listAssets(staff);
  return { web: door('web'), staff };
}

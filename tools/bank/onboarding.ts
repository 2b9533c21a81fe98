import { type BankClient, UnexpectedAnswer, waitFor } from './client.ts';
import { succeeded, type Union } from './customer.ts';

const openAccountText = `mutation OpenAccount($input: OpenAccountInput!) {
  openAccount(input: $input) { __typename
    ... on OpenAccountSuccess { account { id number status } }
    ... on OpenAccountRefusal { code message } } }`;

export type OpenedAccount = { readonly id: string; readonly number: string };
export type AccountWish = { readonly name: string; readonly key: string };

/** The account, which is not active yet; the key makes a repeat answer the first one. */
export async function openAccount(
  customer: BankClient,
  { name, key }: AccountWish,
): Promise<OpenedAccount> {
  type Success = Union & { readonly account: OpenedAccount };
  const input = { name, currency: 'USD', idempotencyKey: key };
  const answer = await customer.ask<{ openAccount: Success }>(openAccountText, { input });
  return succeeded(answer.openAccount, `opening ${name}`).account;
}

const submitProfileText = `mutation SubmitProfile($input: SubmitProfileInput!) {
  submitProfile(input: $input) { __typename
    ... on SubmitProfileRefusal { code message } } }`;

/** A person who does not exist; the provider's simulator decides by the name. */
const somebody = {
  dateOfBirth: '1990-05-17',
  address: { street: '1 Example Street', city: 'Springfield', region: 'IL', postalCode: '62701' },
  country: 'US',
  identityNumber: '000-00-0000',
};

/** Tells the bank who the customer is, unless they have before. */
export async function submitProfile(customer: BankClient, legalName: string): Promise<void> {
  type Seen = { readonly me: { readonly verification: { readonly status: string } } };
  const { me } = await customer.ask<Seen>('{ me { verification { status } } }');
  if (me.verification.status !== 'NOT_STARTED') return;
  const input = { ...somebody, legalName, idempotencyKey: 'profile' };
  const answer = await customer.ask<{ submitProfile: Union }>(submitProfileText, { input });
  succeeded(answer.submitProfile, `the profile of ${legalName}`);
}

const submitAccountText = `mutation SubmitAccount($input: SubmitAccountInput!) {
  submitAccount(input: $input) { __typename
    ... on SubmitAccountRefusal { code message } } }`;
const waiting = ['ONBOARDING', 'SUBMITTED'];

/** Submits the account unless it was before, and waits until it is ACTIVE. */
export async function activateAccount(customer: BankClient, accountId: string): Promise<void> {
  const statusOf = async () => {
    const text = 'query($id: ID!) { account(id: $id) { status } }';
    type Seen = { readonly account: { readonly status: string } | null };
    const { account } = await customer.ask<Seen>(text, { id: accountId });
    return account?.status ?? 'unknown';
  };
  if ((await statusOf()) === 'ONBOARDING') {
    const input = { accountId, idempotencyKey: `submit-${accountId}` };
    const answer = await customer.ask<{ submitAccount: Union }>(submitAccountText, { input });
    succeeded(answer.submitAccount, `submitting account ${accountId}`);
  }
  await waitFor(`account ${accountId} becoming ACTIVE`, async () => {
    const status = await statusOf();
    if (status === 'ACTIVE') return status;
    if (waiting.includes(status)) return null;
    throw new UnexpectedAnswer(`account ${accountId} is ${status} and not ACTIVE`);
  });
}

export type ActiveAccountWish = AccountWish & { readonly legalName: string };

/** Everything a new customer does until an account takes money. */
export async function openActiveAccount(
  customer: BankClient,
  { legalName, ...wish }: ActiveAccountWish,
): Promise<OpenedAccount> {
  await submitProfile(customer, legalName);
  const account = await openAccount(customer, wish);
  await activateAccount(customer, account.id);
  return account;
}

import { type BankClient, UnexpectedAnswer, waitFor } from './client.ts';

export type Union = {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
};

/** The success of a mutation, or an UnexpectedAnswer that carries the refusal's code. */
export function succeeded<T extends Union>(answer: T, what: string): T {
  if (answer.__typename.endsWith('Refusal')) {
    throw new UnexpectedAnswer(`${what} was refused: ${answer.code} ${answer.message ?? ''}`);
  }
  return answer;
}

export type Credentials = { readonly email: string; readonly password: string };

const signInText = `mutation SignIn($input: SignInInput!) { signIn(input: $input) {
  __typename
  ... on SignInSuccess { tokens { accessToken } }
  ... on SignInRefusal { code message } } }`;

/** The same door with the caller's access token on every further request. */
export async function signIn(door: BankClient, input: Credentials): Promise<BankClient> {
  type Success = Union & { readonly tokens: { readonly accessToken: string } };
  const answer = await door.ask<{ signIn: Success }>(signInText, { input });
  const { tokens } = succeeded(answer.signIn, `signing in ${input.email}`);
  return door.as({ authorization: `Bearer ${tokens.accessToken}` });
}

const signUpText = `mutation SignUp($input: SignUpInput!) { signUp(input: $input) {
  __typename ... on SignUpRefusal { code message } } }`;

/** A taken email gets the same answer, so that signing up again does no harm. */
export async function signUp(
  door: BankClient,
  input: Credentials & { readonly name: string },
): Promise<void> {
  const answer = await door.ask<{ signUp: Union }>(signUpText, { input });
  succeeded(answer.signUp, `signing up ${input.email}`);
}

const depositText = `mutation Deposit($input: CreateDepositInput!) {
  createDeposit(input: $input) { __typename
    ... on CreateDepositSuccess { payment { id } }
    ... on CreateDepositRefusal { code message } } }`;

export type Deposit = { readonly accountId: string; readonly amount: string; readonly key: string };

/** Asks the provider for the money and waits until it is booked; answers the payment's id. */
export async function deposit(customer: BankClient, wanted: Deposit): Promise<string> {
  const { accountId, amount, key } = wanted;
  type Success = Union & { readonly payment: { readonly id: string } };
  const input = { accountId, amount, idempotencyKey: key };
  const answer = await customer.ask<{ createDeposit: Success }>(depositText, { input });
  const { id } = succeeded(answer.createDeposit, `depositing ${amount}`).payment;
  return waitFor(`the deposit of ${amount}`, async () => {
    const text = `query($id: ID!) { payment(id: $id) { status } }`;
    const { payment } = await customer.ask<{ payment: { status: string } }>(text, { id });
    if (payment.status === 'FAILED') throw new UnexpectedAnswer(`the deposit ${id} failed`);
    return payment.status === 'COMPLETED' ? id : null;
  });
}

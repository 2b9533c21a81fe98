import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aCustomer,
  anAccount,
  anOrder,
  created,
  deliver,
  openAccount,
  resultOf,
  submitAccount,
  verify,
} from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Place = { readonly id: string; readonly viewer: Viewer };

async function asked(mutation: string, viewer: Viewer, input: object): Promise<string> {
  const type = mutation.slice(0, 1).toUpperCase() + mutation.slice(1);
  const text = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
    __typename ... on ${type}Refusal { code } } }`;
  type Told = { readonly __typename: string; readonly code?: string };
  const { code } = resultOf<Told>(await bank.as(viewer)(text, { input }), mutation);
  return code ?? 'yes';
}

/** An account of somebody whom the provider knows by this name; null: nothing is told to it. */
async function onboarding(legalName: string | null): Promise<Place> {
  const { viewer } = await aCustomer(bank);
  if (legalName) await verify(bank, viewer, legalName);
  const { id } = await openAccount(bank, viewer);
  return { id, viewer };
}

async function submitted(legalName: string | null): Promise<Place> {
  const place = await onboarding(legalName);
  await submitAccount(bank, place.viewer, place.id);
  return place;
}

const reason = 'because';
const states: Readonly<Record<string, () => Promise<Place>>> = {
  ONBOARDING: () => onboarding('Ada Saver'),
  SUBMITTED: () => submitted(null),
  ACTION_REQUIRED: () => submitted('Rita Review'),
  REJECTED: () => submitted('Rob Rejected'),
  ACTIVE: () => anAccount(bank, '100'),
  LIMITED: async () => {
    const account = await anAccount(bank, '100');
    await asked('limitAccount', operations, { accountId: account.id, reason });
    return account;
  },
  FROZEN: async () => {
    const account = await anAccount(bank, '100');
    await asked('freezeAccount', operations, { accountId: account.id, reason });
    return account;
  },
  CLOSING: async () => {
    const account = await anAccount(bank, '100');
    await asked('closeAccount', account.viewer, { accountId: account.id });
    return account;
  },
  CLOSED: async () => {
    const account = await anAccount(bank);
    await asked('closeAccount', account.viewer, { accountId: account.id });
    bank.clock.advance(6_000);
    await bank.runJob('close-settled-accounts');
    return account;
  },
};

/** Whether accounts sets money aside for a buy; who sells and cancels is decided elsewhere. */
async function buys({ id }: Place): Promise<string> {
  const order = anOrder(id);
  await deliver(bank, created(order, '1'));
  const events = await bank.published();
  const answer = events.find(({ aggregateId }) => aggregateId === order.orderId);
  if (!answer) throw new Error(`order ${order.orderId} got no answer`);
  if (answer.type === 'accounts.funds-held.v1') return 'yes';
  return (answer.payload as { code: string }).code;
}

const refused = 'ACCOUNT_STATUS';
const nothing = [refused, refused, refused];

/** Domain 2.3: deposit, withdraw, buy. */
test.each([
  ['ONBOARDING', nothing],
  ['SUBMITTED', nothing],
  ['ACTION_REQUIRED', nothing],
  ['REJECTED', nothing],
  ['ACTIVE', ['yes', 'yes', 'yes']],
  ['LIMITED', ['yes', refused, refused]],
  ['CLOSING', [refused, 'yes', refused]],
  ['FROZEN', nothing],
  ['CLOSED', nothing],
])('%s: deposit, withdraw and buy are answered by the table', async (state, expected) => {
  const place = await states[state]?.();
  if (!place) throw new Error(`no way into ${state}`);
  const { status } = await bank.deps.db.account.findUniqueOrThrow({ where: { id: place.id } });
  expect(status).toBe(state);
  const wish = { accountId: place.id, amount: '1' };
  const pay = (mutation: string) =>
    asked(mutation, place.viewer, { ...wish, idempotencyKey: randomUUID() });
  const answers = [await pay('createDeposit'), await pay('createWithdrawal'), await buys(place)];
  expect(answers).toEqual(expected);
});

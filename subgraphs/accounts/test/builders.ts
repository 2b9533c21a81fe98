import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import type { Envelope } from '@simplebank/contracts/event';
import type { OrderCompletedV1, OrderCreatedV1, OrderFilledV1 } from '@simplebank/contracts/orders';
import { type Answer, anonymous, type Bank, principal } from './support/bank.ts';

/** One field of an answer that must have succeeded. */
export function resultOf<T>({ data, errors }: Answer, field: string): T {
  const found: unknown = data?.[field];
  if (found === undefined || found === null) throw new Error(JSON.stringify(errors));
  return found as T;
}

export const goodPassword = 'Correct-Horse-9-Battery';

/** Signs somebody up and answers their id. */
export async function aCustomer(
  bank: Bank,
  name = 'Alice',
): Promise<{ id: string; viewer: Viewer }> {
  const email = `${name.toLowerCase()}-${randomUUID()}@example.com`;
  const answer = await bank.as(anonymous())(
    `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`,
    { input: { email, password: goodPassword, name } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  const { id } = await bank.deps.db.identity.findUniqueOrThrow({ where: { email } });
  return { id, viewer: principal(id) };
}

export type TestAccount = {
  readonly id: string;
  readonly number: string;
  readonly ownerId: string;
  readonly viewer: Viewer;
};

/** What a customer tells about themselves. */
export const aProfile = (legalName = 'Alice Able', change: object = {}) => ({
  legalName,
  dateOfBirth: '1990-02-28',
  address: { street: '1 Main Street', city: 'Springfield', region: 'IL', postalCode: '62701' },
  country: 'US',
  identityNumber: '078-05-1120',
  ...change,
});

/** Submits a profile and lets the provider answer, which decides by the legal name. */
export async function verify(bank: Bank, viewer: Viewer, legalName?: string): Promise<void> {
  const answer = await bank.as(viewer)(
    `mutation ($input: SubmitProfileInput!) { submitProfile(input: $input) { __typename } }`,
    { input: aProfile(legalName) },
  );
  const { __typename } = resultOf<{ __typename: string }>(answer, 'submitProfile');
  if (__typename !== 'SubmitProfileSuccess') throw new Error(JSON.stringify(answer));
  await bank.runJob('advance-verifications');
}

type Opened = Pick<TestAccount, 'id' | 'number'>;

/** Opens an account, which is ONBOARDING. */
export async function openAccount(bank: Bank, viewer: Viewer, input: object = {}): Promise<Opened> {
  const answer = await bank.as(viewer)(
    `mutation ($input: OpenAccountInput!) {
       openAccount(input: $input) { ... on OpenAccountSuccess { account { id number } } } }`,
    { input: { name: 'Main', idempotencyKey: randomUUID(), ...input } },
  );
  return resultOf<{ account: Opened }>(answer, 'openAccount').account;
}

/** Answers the state that the account has now. */
export async function submitAccount(bank: Bank, viewer: Viewer, accountId: string) {
  const answer = await bank.as(viewer)(
    `mutation ($input: SubmitAccountInput!) {
       submitAccount(input: $input) { ... on SubmitAccountSuccess { account { status } } } }`,
    { input: { accountId } },
  );
  return resultOf<{ account: { status: string } }>(answer, 'submitAccount').account.status;
}

/** A verified customer with an active account that holds this much settled cash. */
export async function anAccount(bank: Bank, cash = '0'): Promise<TestAccount> {
  const { id: ownerId, viewer } = await aCustomer(bank);
  await verify(bank, viewer);
  const account = await openAccount(bank, viewer);
  await submitAccount(bank, viewer, account.id);
  if (cash !== '0') await deposit(bank, { ...account, viewer }, cash);
  return { id: account.id, number: account.number, ownerId, viewer };
}

/** Deposits through the provider, all the way. */
export async function deposit(
  bank: Bank,
  { id, viewer }: Pick<TestAccount, 'id' | 'viewer'>,
  amount: string,
): Promise<void> {
  const answer = await bank.as(viewer)(
    `mutation ($input: CreateDepositInput!) { createDeposit(input: $input) { __typename } }`,
    { input: { accountId: id, amount, idempotencyKey: randomUUID() } },
  );
  const { __typename } = resultOf<{ __typename: string }>(answer, 'createDeposit');
  if (__typename !== 'CreateDepositSuccess') throw new Error(JSON.stringify(answer));
  await passPayments(bank);
}

/** Sends what is new, lets the provider's delay pass, and books what it says. */
export async function passPayments(bank: Bank): Promise<void> {
  await bank.runJob('advance-payments');
  bank.clock.advance(1_000);
  await bank.runJob('advance-payments');
}

export async function balancesOf(bank: Bank, { id, viewer }: Pick<TestAccount, 'id' | 'viewer'>) {
  const answer = await bank.as(viewer)(
    `query ($id: ID!) { account(id: $id) { status balances {
       posted { amount } held { amount } available { amount }
       unsettled { amount } withdrawable { amount } debt { amount } } } }`,
    { id },
  );
  type Shown = { status: string; balances: Record<string, { amount: string }> };
  const account = resultOf<Shown>(answer, 'account');
  const amounts = Object.entries(account.balances).map(([name, { amount }]) => [name, amount]);
  return { status: account.status, ...Object.fromEntries(amounts) };
}

export type TestOrder = {
  readonly orderId: string;
  readonly accountId: string;
  readonly side: 'BUY' | 'SELL';
};

export const anOrder = (accountId: string, side: 'BUY' | 'SELL' = 'BUY'): TestOrder => ({
  orderId: randomUUID(),
  accountId,
  side,
});

const assetId = '00000000-0000-4000-8000-0000000000aa';
const shared = (order: TestOrder) => ({ ...order, assetId, symbol: 'ABC', currency: 'USD' });

type Head = { readonly type: string; readonly order: TestOrder; readonly version: number };

function envelope<P>({ type, order, version }: Head, payload: P): Envelope<P> {
  return {
    eventId: randomUUID(),
    type,
    aggregateId: order.orderId,
    aggregateVersion: version,
    occurredAt: '2026-11-20T15:00:00.000Z',
    correlationId: 'test',
    causationId: null,
    traceparent: null,
    payload,
  };
}

export const created = (order: TestOrder, holdAmount: string | null): Envelope<OrderCreatedV1> =>
  envelope(
    { type: 'orders.order-created.v1', order, version: 1 },
    {
      ...shared(order),
      customerId: '00000000-0000-4000-8000-0000000000bb',
      type: 'LIMIT',
      timeInForce: 'DAY',
      quantity: '10',
      amount: null,
      limitPrice: '10',
      holdAmount: order.side === 'BUY' ? holdAmount : null,
      strategyOrderId: null,
    },
  );

export type TestFill = {
  readonly executionId?: string;
  readonly value: string;
  readonly commission?: string;
  readonly sec?: string;
  readonly taf?: string;
  readonly settlementDate?: string;
  readonly late?: boolean;
};

const executionsOf = new Map<string, string[]>();

/** Its number among the executions of its order; one that is made again keeps its own. */
function numberOf(orderId: string, executionId: string): number {
  const known = executionsOf.get(orderId) ?? [];
  executionsOf.set(orderId, known.includes(executionId) ? known : [...known, executionId]);
  return (executionsOf.get(orderId) ?? []).indexOf(executionId) + 1;
}

export function filled(order: TestOrder, fill: TestFill): Envelope<OrderFilledV1> {
  const executionId = fill.executionId ?? randomUUID();
  return envelope(
    { type: 'orders.order-filled.v1', order, version: 3 },
    {
      ...shared(order),
      executionId,
      quantity: '1',
      price: '10',
      value: fill.value,
      fees: { commission: fill.commission ?? '0', sec: fill.sec ?? '0', taf: fill.taf ?? '0' },
      cumulativeQuantity: '1',
      leavesQuantity: '0',
      executions: numberOf(shared(order).orderId, executionId),
      executedAt: '2026-11-20T15:00:00.000Z',
      tradeDate: '2026-11-20',
      settlementDate: fill.settlementDate ?? '2026-11-23',
      late: fill.late ?? false,
    },
  );
}

export const completed = (
  order: TestOrder,
  executions: number,
  version = 10,
): Envelope<OrderCompletedV1> =>
  envelope(
    { type: 'orders.order-completed.v1', order, version },
    {
      ...shared(order),
      code: null,
      strategyOrderId: null,
      customerId: '00000000-0000-4000-8000-0000000000bb',
      status: executions > 0 ? 'FILLED' : 'CANCELED',
      filledQuantity: '0',
      value: '0',
      fees: '0',
      executions,
    },
  );

/** Hands events to the consumer as one job of its queue. */
export const deliver = (bank: Bank, ...events: readonly Envelope[]): Promise<void> =>
  bank.worker.applyBatch(events.map((event) => JSON.stringify(event)));

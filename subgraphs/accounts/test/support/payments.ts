import { randomUUID } from 'node:crypto';
import { resultOf, type TestAccount } from '../builders.ts';
import { type Bank, operations } from './bank.ts';

export type Kind = 'Deposit' | 'Withdrawal';
export type Created = { readonly code?: string; readonly payment?: { id: string; number: string } };

/** Asks for a payment and answers what came of it. */
export async function pay(
  bank: Bank,
  account: Pick<TestAccount, 'id' | 'viewer'>,
  {
    kind,
    ...input
  }: { readonly kind: Kind; readonly amount: string; reference?: string; idempotencyKey?: string },
): Promise<Created> {
  const text = `mutation ($input: Create${kind}Input!) { create${kind}(input: $input) {
    __typename
    ... on Create${kind}Success { payment { id number } }
    ... on Create${kind}Refusal { code } } }`;
  const given = { accountId: account.id, idempotencyKey: randomUUID(), ...input };
  return resultOf<Created>(await bank.as(account.viewer)(text, { input: given }), `create${kind}`);
}

/** The id of a payment that must have been accepted. */
export async function paid(...asked: Parameters<typeof pay>): Promise<string> {
  const { payment, code } = await pay(...asked);
  if (!payment) throw new Error(`the payment was refused: ${code}`);
  return payment.id;
}

export async function shownPayment(bank: Bank, id: string) {
  const text = `query ($id: ID!) { payment(id: $id) {
    status failureReason returnReason returnedAt endedAt } }`;
  const { data } = await bank.as(operations)(text, { id });
  return data?.['payment'];
}

export const statusOf = async (bank: Bank, id: string) => {
  const { status } = await bank.deps.db.payment.findUniqueOrThrow({ where: { id } });
  return status;
};

type Parked = { readonly id: string; readonly noticeId: string; readonly kind: string };

/** What waits for a decision of staff. */
export async function parked(bank: Bank): Promise<readonly Parked[]> {
  const text = `{ parkedPaymentNotices(first: 100) {
    nodes { id noticeId kind reason state payment { id status } } } }`;
  const answer = await bank.as(operations)(text);
  return resultOf<{ nodes: Parked[] }>(answer, 'parkedPaymentNotices').nodes;
}

export type Decision = { readonly noticeId: string; readonly decision: 'BOOK' | 'DISMISS' };

export async function resolveNotice(bank: Bank, input: Decision & { idempotencyKey?: string }) {
  const text = `mutation ($input: ResolvePaymentNoticeInput!) {
    resolvePaymentNotice(input: $input) {
      ... on ResolvePaymentNoticeSuccess { notice { state payment { status } } }
      ... on ResolvePaymentNoticeRefusal { code } } }`;
  const given = { reason: 'seen on the statement', idempotencyKey: randomUUID(), ...input };
  const { data, errors } = await bank.as(operations)(text, { input: given });
  return data?.['resolvePaymentNotice'] ?? errors;
}

import { randomUUID } from 'node:crypto';
import { anOrder, created, deliver, filled, type TestAccount } from '../builders.ts';
import { type Bank, operations } from './bank.ts';
import type { Sql } from './sql.ts';

type Part = 'WHOLE' | 'COMMISSION';
export type Asked = {
  readonly transactionId: string;
  readonly part?: Part;
  readonly reason?: string;
  readonly idempotencyKey?: string;
};
export type Shown = {
  readonly id: string;
  readonly kind: string;
  readonly orderId: string | null;
  readonly reversesId: string | null;
  readonly reversedById: string | null;
  readonly reversible: readonly Part[];
  readonly entries: readonly { readonly account: string; readonly amount: { amount: string } }[];
};
export type Answered = {
  readonly code?: string;
  readonly message?: string;
  readonly transaction?: Shown;
};

const shown = `id kind orderId reversesId reversedById reversible
  entries { account accountId amount { amount } }`;

export const askReversal = (bank: Bank, asked: Asked, viewer = operations) =>
  bank.as(viewer)(
    `mutation ($input: ReverseTransactionInput!) { reverseTransaction(input: $input) {
       ... on ReverseTransactionSuccess { transaction { ${shown} } }
       ... on ReverseTransactionRefusal { code message } } }`,
    { input: { reason: 'agreed', idempotencyKey: randomUUID(), ...asked } },
  );

/** What came of it; an error is one of the extensions that a caller sees. */
export async function reversed(bank: Bank, asked: Asked): Promise<Answered> {
  const { data, errors } = await askReversal(bank, asked);
  return (data?.['reverseTransaction'] ?? errors?.[0]?.extensions) as Answered;
}

export const transactionText = `query ($id: ID!) { transaction(id: $id) { ${shown} } }`;

export async function seen(bank: Bank, id: string): Promise<Shown | null> {
  const { data } = await bank.as(operations)(transactionText, { id });
  return (data?.['transaction'] ?? null) as Shown | null;
}

/** A buy of 10.00 for a commission of 1.00; answers its transaction. */
export async function aBuy(bank: Bank, account: TestAccount): Promise<string> {
  const order = anOrder(account.id);
  await deliver(bank, created(order, '11'), filled(order, { value: '10', commission: '1' }));
  const where = { orderId: order.orderId, kind: 'BUY' };
  return (await bank.deps.db.transaction.findFirstOrThrow({ where })).id;
}

const cashOf = ({ id }: TestAccount) =>
  `(SELECT id FROM ledger_account WHERE account_id = '${id}' AND kind = 'cash')`;
const errorHouse = `(SELECT id FROM ledger_account WHERE account_id IS NULL AND kind = 'error')`;

/** What the house gave a customer by hand, past the application, as no command does. */
export async function aCorrection(sql: Sql, account: TestAccount, amount: string) {
  const id = randomUUID();
  await sql(`BEGIN;
    INSERT INTO transaction (id, kind, reference, at)
    VALUES ('${id}', 'CORRECTION', '${id}', '2026-11-20T14:00:00Z');
    INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
    VALUES ('${id}', ${cashOf(account)}, ${amount}, 'USD'),
           ('${id}', ${errorHouse}, -${amount}, 'USD');
    COMMIT`);
  return id;
}

import { randomUUID } from 'node:crypto';
import { eventually } from '@simplebank/testkit/eventually';
import { expect, test } from 'vitest';
import { failOverdue } from '../src/investing/commands/fail-overdue.ts';
import { followPayments } from '../src/investing/index.ts';
import { orderCompleted, orderCreated, payment } from './builders.ts';
import {
  abc,
  account,
  alice,
  cancel,
  def,
  eventsAbout,
  investAs,
  readAs,
  subgraph,
  useInvestors,
} from './investors.ts';

useInvestors();

const weekMs = 7 * 86_400_000;

async function aPayment(status: 'CREATED' | 'COMPLETED' = 'CREATED'): Promise<string> {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment(status, { id, accountId: account })]);
  return id;
}
async function aWaiting(): Promise<{ id: string; paymentId: string }> {
  const paymentId = await aPayment();
  return { id: (await investAs(alice, { paymentId })).strategyOrder.id, paymentId };
}
const statusOf = async (id: string) => (await readAs(alice, id))?.['status'];

const cancelAs = async (customerId: string, input: object) =>
  (
    await subgraph.client
      .asCustomer(customerId)
      .ask<{ cancelStrategyOrder: object }>(cancel, { input })
  ).cancelStrategyOrder;

const trailOf = async (subject: string) => {
  const rows = await subgraph.admin.audit.findMany({ where: { subject }, orderBy: { id: 'asc' } });
  return rows.map(({ actor, command }) => `${actor === alice ? 'alice' : actor}: ${command}`);
};

/** Until somebody waits for a lock that this test holds. */
const untilBlocked = () =>
  eventually(async () => {
    const [row] = await subgraph.admin.$queryRaw<{ blocked: boolean }[]>`/* test.blocked */
      SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`;
    expect(row?.blocked).toBe(true);
  });

test('who made an investment, canceled it or ended it stands in the audit', async () => {
  const canceled = await aWaiting();
  await cancelAs(alice, { strategyOrderId: canceled.id });
  expect(await trailOf(canceled.id)).toEqual([
    'alice: investInStrategy',
    'alice: cancelStrategyOrder',
  ]);

  const bought = await aWaiting();
  const completed = payment('COMPLETED', { id: bought.paymentId, accountId: account });
  await subgraph.worker.applyBatch([completed]);
  const parts = [abc, def].map((assetId) => ({
    ...{ orderId: randomUUID(), strategyOrderId: bought.id, accountId: account, assetId },
  }));
  await subgraph.worker.applyBatch(parts.map(orderCreated));
  await subgraph.worker.applyBatch(parts.map((part) => orderCompleted(part)));
  expect(await trailOf(bought.id)).toEqual([
    'alice: investInStrategy',
    'accounts.payment-completed.v1: followPayment',
    'orders.order-created.v1: followOrders',
    'orders.order-completed.v1: followOrders',
  ]);
});

test('a cancel’s key cancels one investment: another is refused, nothing written', async () => {
  const [first, second] = [await aWaiting(), await aWaiting()];
  const idempotencyKey = randomUUID();
  const canceled = { strategyOrder: { status: 'CANCELED' } };
  for (let time = 0; time < 2; time += 1) {
    expect(await cancelAs(alice, { strategyOrderId: first.id, idempotencyKey })).toEqual(canceled);
  }
  const footprint = () =>
    Promise.all([
      subgraph.admin.audit.count(),
      subgraph.admin.outboxEvent.count(),
      subgraph.admin.commandKey.count(),
    ]);
  const before = await footprint();
  const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
  expect(await cancelAs(alice, { strategyOrderId: second.id, idempotencyKey })).toEqual(reused);
  expect(await footprint()).toEqual(before);
  expect(await statusOf(second.id)).toBe('WAITING_FOR_PAYMENT');
});

test('a payment by number is the same input as by UUID', async () => {
  const paymentId = await aPayment('COMPLETED');
  const { number } = await subgraph.admin.payment.findUniqueOrThrow({ where: { id: paymentId } });
  const idempotencyKey = randomUUID();
  const first = await investAs(alice, { paymentId, idempotencyKey });
  const again = await investAs(alice, { paymentId: number.toString(), idempotencyKey });
  expect(again.strategyOrder.id).toBe(first.strategyOrder.id);
  const other = await investAs(alice, { paymentId: await aPayment(), idempotencyKey });
  expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a payment that fails while the customer invests leaves no investment waiting', async () => {
  const paymentId = await aPayment();
  const asked = await subgraph.admin.$transaction(async (tx) => {
    await tx.payment.update({ where: { id: paymentId }, data: { status: 'FAILED', version: 2 } });
    const invested = investAs(alice, { paymentId });
    await untilBlocked();
    return { invested };
  });
  const { strategyOrder } = await asked.invested;
  expect(strategyOrder.status).toBe('FAILED');
  expect((await eventsAbout(strategyOrder.id)).map(({ type }) => type)).toEqual([
    'strategies.strategy-order-created.v1',
    'strategies.strategy-order-completed.v1',
  ]);
});

test('a payment that arrives as its time ends is invested, its orders waited for', async () => {
  const { id, paymentId } = await aWaiting();
  subgraph.clock.advance(weekMs);
  const copy = await subgraph.admin.payment.findUniqueOrThrow({ where: { id: paymentId } });
  const arrived = {
    ...copy,
    amount: copy.amount as never,
    status: 'COMPLETED',
    version: 2,
  } as const;
  const cause = { correlationId: randomUUID(), causationId: null, traceparent: null };
  const by = { actor: 'test', role: 'service', requestId: 'test' };
  const failing = await subgraph.deps.transact(async (tx) => {
    const news = [{ payment: arrived, story: { by, cause } }];
    await followPayments(tx, subgraph.deps, news);
    const started = failOverdue(subgraph.deps);
    await untilBlocked();
    return { started };
  });
  await failing.started;
  const order = (await readAs(alice, id)) as { parts: { status: string }[]; status: string };
  expect([order.status, ...order.parts.map(({ status }) => status)]).toEqual([
    'PLACING',
    'REQUESTED',
    'REQUESTED',
  ]);
});

test('an investment that cannot be ended holds up no other', async () => {
  const [stuck, other] = [await aWaiting(), await aWaiting()];
  await subgraph.admin.$executeRawUnsafe(`
    CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.id = '${stuck.id}' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN NEW; END $$`);
  await subgraph.admin.$executeRawUnsafe(
    'CREATE TRIGGER refuse_one BEFORE UPDATE ON strategy_order FOR EACH ROW ' +
      'EXECUTE FUNCTION refuse_one()',
  );
  subgraph.clock.advance(weekMs);
  await failOverdue(subgraph.deps);
  expect([await statusOf(stuck.id), await statusOf(other.id)]).toEqual([
    'WAITING_FOR_PAYMENT',
    'FAILED',
  ]);
});

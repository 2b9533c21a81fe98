import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { failOverdue } from '../src/investing/commands/fail-overdue.ts';
import { payment } from './builders.ts';
import {
  account,
  alice,
  bob,
  cancel,
  eventsAbout,
  investAs,
  otherAccount,
  readAs,
  subgraph,
  useInvestors,
} from './investors.ts';

useInvestors();

test('an investment waits for its payment and is placed when it has arrived', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  expect(strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
  expect((await eventsAbout(strategyOrder.id)).map(({ type }) => type)).toEqual([
    'strategies.strategy-order-created.v1',
  ]);
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'PLACING' });
});

test('a payment that has arrived places at once; its late creation changes nothing', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  expect(strategyOrder.status).toBe('PLACING');
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const copy = await subgraph.admin.payment.findUniqueOrThrow({ where: { id } });
  expect(copy.status).toBe('COMPLETED');
});

test('a payment that is told of while the customer invests is waited for', async () => {
  const id = randomUUID();
  const invested = investAs(alice, { paymentId: id });
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  expect((await invested).strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
});

test('news of the payment that arrives at the same time is never missed', async () => {
  const payments = Array.from({ length: 20 }, () => randomUUID());
  await subgraph.worker.applyBatch(
    payments.map((id) => payment('CREATED', { id, accountId: account })),
  );
  const orders = await Promise.all(
    payments.map(async (id) => {
      const [{ strategyOrder }] = await Promise.all([
        investAs(alice, { paymentId: id }),
        subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]),
      ]);
      return strategyOrder.id;
    }),
  );
  const rows = await subgraph.admin.strategyOrder.findMany({ where: { id: { in: orders } } });
  expect(rows.map(({ status }) => status)).toEqual(orders.map(() => 'PLACING'));
});

test.each(['FAILED', 'CANCELED'] as const)(
  'a payment that has %s fails the investment',
  async (end) => {
    const id = randomUUID();
    await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
    const { strategyOrder } = await investAs(alice, { paymentId: id });
    await subgraph.worker.applyBatch([payment(end, { id, accountId: account })]);
    expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'FAILED', parts: [] });
    expect(await eventsAbout(strategyOrder.id)).toMatchObject([
      { type: 'strategies.strategy-order-created.v1', payload: { paymentId: id } },
      { type: 'strategies.strategy-order-completed.v1', payload: { status: 'FAILED' } },
    ]);
  },
);

test('a payment pays for one investment, for enough, and on its own account', async () => {
  const [used, small, foreign] = [randomUUID(), randomUUID(), randomUUID()];
  await subgraph.worker.applyBatch([
    payment('CREATED', { id: used, accountId: account }),
    payment('CREATED', { id: small, accountId: account, amount: '999.99' }),
    payment('CREATED', { id: foreign, accountId: otherAccount }),
  ]);
  const [first, second] = await Promise.all([
    investAs(alice, { paymentId: used }),
    investAs(alice, { paymentId: used }),
  ]);
  expect([first?.code, second?.code].toSorted()).toEqual(['PAYMENT_USED', undefined]);
  const counts = () =>
    Promise.all([subgraph.admin.strategyOrder.count(), subgraph.admin.outboxEvent.count()]);
  const before = await counts();
  expect((await investAs(alice, { paymentId: used })).code).toBe('PAYMENT_USED');
  expect((await investAs(alice, { paymentId: small })).code).toBe('PAYMENT_TOO_SMALL');
  expect((await investAs(alice, { paymentId: foreign })).code).toBe('PAYMENT_OTHER_ACCOUNT');
  expect(await counts()).toEqual(before);
});

test('the payment of another customer is as unknown as one that does not exist', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  const input = { paymentId: id, accountId: otherAccount };
  expect((await investAs(bob, input)).code).toBe('PAYMENT_NOT_FOUND');
  expect((await investAs(alice, input)).code).toBe('PAYMENT_OTHER_ACCOUNT');
});

test('an investment is canceled while it waits, then its payment is free again', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  const asker = subgraph.client.asCustomer(alice);
  const input = { strategyOrderId: strategyOrder.id };
  for (let time = 0; time < 2; time += 1) {
    expect(await asker.ask(cancel, { input })).toEqual({
      cancelStrategyOrder: { strategyOrder: { status: 'CANCELED' } },
    });
  }
  expect(await eventsAbout(strategyOrder.id)).toHaveLength(2);
  const next = await investAs(alice, { paymentId: id });
  expect(next.strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  const placed = { strategyOrderId: next.strategyOrder.id };
  expect(await asker.ask(cancel, { input: placed })).toEqual({
    cancelStrategyOrder: { code: 'NOT_CANCELABLE' },
  });
});

test('a payment confirmed after it had failed pays for nothing that waited', async () => {
  for (const ends of [
    ['FAILED', 'COMPLETED'],
    ['COMPLETED', 'FAILED'],
  ] as const) {
    const id = randomUUID();
    await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
    const { strategyOrder } = await investAs(alice, { paymentId: id });
    for (const end of ends) {
      const version = end === 'COMPLETED' ? 3 : 2;
      await subgraph.worker.applyBatch([payment(end, { id, accountId: account, version })]);
    }
    expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'FAILED' });
    const copy = await subgraph.admin.payment.findUniqueOrThrow({ where: { id } });
    expect(copy.status).toBe('COMPLETED');
  }
});

test('after seven days without its payment an investment has failed', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  await failOverdue(subgraph.deps);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'WAITING_FOR_PAYMENT' });
  subgraph.clock.advance(7 * 86_400_000);
  await failOverdue(subgraph.deps);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'FAILED' });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, anOrder, balancesOf, completed, created, deliver, filled } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const parked = () => bank.deps.db.parkedEvent.findMany({ select: { type: true, error: true } });

test('a late fill is paid with what its order frees, even when all come at once', async () => {
  const account = await anAccount(bank, '100');
  const order = anOrder(account.id);
  await deliver(
    bank,
    filled(order, { executionId: '1', value: '40' }),
    completed(order, 1, 10),
    filled(order, { executionId: '2', value: '60', late: true }),
  );
  await deliver(bank, created(order, '100'));
  expect([await balancesOf(bank, account), await parked()]).toMatchObject([
    { status: 'ACTIVE', posted: '0.00', held: '0.00', debt: '0.00' },
    [],
  ]);
});

test('a late fill is paid with proceeds that are booked in the same batch', async () => {
  const account = await anAccount(bank, '10');
  const order = anOrder(account.id);
  await deliver(bank, created(order, '10'), completed(order, 0, 3));
  const sale = anOrder(account.id, 'SELL');
  await deliver(bank, filled(sale, { value: '50' }), filled(order, { value: '60', late: true }));
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00', debt: '0.00' });
  const commits = await bank.deps.db.$queryRaw`
    SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS commits FROM transaction
    WHERE order_id IN (${order.orderId}::uuid, ${sale.orderId}::uuid)`;
  expect(commits).toEqual([{ rows: 2, commits: 1 }]);
});

test('an order of an unknown account is refused, and its end is no trouble', async () => {
  const order = anOrder(randomUUID());
  await deliver(bank, created(order, '10'), completed(order, 0));
  const answers = (await bank.published()).filter(
    ({ aggregateId }) => aggregateId === order.orderId,
  );
  expect([answers.map(({ type }) => type), await parked()]).toEqual([
    ['accounts.funds-refused.v1'],
    [],
  ]);
});

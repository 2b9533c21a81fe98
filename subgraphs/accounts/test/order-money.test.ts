import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  deposit,
  filled,
} from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const answersTo = async (orderId: string) =>
  (await bank.published())
    .filter(({ aggregateId }) => aggregateId === orderId)
    .map(({ type, aggregateVersion, causationId, payload }) => ({
      ...{ type, aggregateVersion, causationId },
      ...(payload as object),
    }));

describe('a buy', () => {
  test('is answered with the hold, spends it, and gets the rest back', async () => {
    const account = await anAccount(bank, '1000');
    const order = anOrder(account.id);
    const first = created(order, '104.50');
    await deliver(bank, first);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '104.50', available: '895.50' });
    const { orderId, accountId } = order;
    expect(await answersTo(orderId)).toEqual([
      {
        type: 'accounts.funds-held.v1',
        aggregateVersion: 1,
        causationId: first.eventId,
        ...{ orderId, accountId, amount: '104.5', currency: 'USD' },
      },
    ]);
    await deliver(bank, filled(order, { value: '60.00', commission: '0.60' }));
    await deliver(bank, filled(order, { value: '40.00', commission: '0.40' }));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '899.00', held: '3.50' });
    await deliver(bank, completed(order, 2));
    expect(await balancesOf(bank, account)).toMatchObject({
      posted: '899.00',
      held: '0.00',
      withdrawable: '899.00',
    });
  });

  test('is refused for want of money, and for the state of its account', async () => {
    const account = await anAccount(bank, '100');
    const poor = anOrder(account.id);
    await deliver(bank, created(poor, '100.01'));
    const limited = await anAccount(bank, '100');
    const data = { status: 'LIMITED', limitedFor: 'STAFF', changedBy: 'LIMIT' };
    await bank.deps.db.account.update({ where: { id: limited.id }, data });
    const barred = anOrder(limited.id);
    await deliver(bank, created(barred, '1'));
    const answers = [...(await answersTo(poor.orderId)), ...(await answersTo(barred.orderId))];
    expect(answers).toMatchObject([
      { type: 'accounts.funds-refused.v1', code: 'INSUFFICIENT_FUNDS' },
      { type: 'accounts.funds-refused.v1', code: 'ACCOUNT_STATUS' },
    ]);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '0.00' });
  });

  test('fifty at once on money for ten: exactly ten are held', async () => {
    const account = await anAccount(bank, '100');
    const orders = Array.from({ length: 50 }, () => anOrder(account.id));
    const batches = [0, 1, 2, 3, 4].map((n) => orders.slice(n * 10, n * 10 + 10));
    await Promise.all(
      batches.map((batch) => deliver(bank, ...batch.map((order) => created(order, '10')))),
    );
    const held = (await bank.published('accounts.funds-held.v1')).filter(({ aggregateId }) =>
      orders.some(({ orderId }) => orderId === aggregateId),
    );
    expect(held).toHaveLength(10);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '100.00', available: '0.00' });
  });

  test('that has ended before it came holds nothing and is not answered', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    await deliver(bank, completed(order, 0));
    await deliver(bank, created(order, '50'));
    expect(await answersTo(order.orderId)).toEqual([]);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '0.00' });
  });

  test('keeps its hold until the executions it ended with are booked', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    await deliver(bank, completed(order, 2), created(order, '50'));
    await deliver(bank, filled(order, { value: '20' }));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '80.00', held: '30.00' });
    await deliver(bank, filled(order, { value: '20' }));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '60.00', held: '0.00' });
  });

  test('an execution is booked once, whatever event reports it', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    const fill = { value: '20', executionId: 'same' };
    await deliver(bank, created(order, '50'));
    await deliver(bank, filled(order, fill), filled(order, fill));
    await deliver(bank, filled(order, fill));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '80.00', held: '30.00' });
  });

  test('an execution that comes before its order waits for it and holds up nothing', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    const other = anOrder(account.id);
    const fill = { value: '20', executionId: 'early' };
    await deliver(bank, filled(order, fill), created(other, '10'), filled(other, { value: '10' }));
    await deliver(bank, completed(order, 1), filled(order, fill));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '90.00', held: '0.00' });
    await deliver(bank, created(order, '25'));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '70.00', held: '0.00' });
    expect(await bank.deps.db.waitingExecution.count()).toBe(0);
    expect(await bank.deps.db.parkedEvent.count()).toBe(0);
  });

  test('an execution beyond the hold is not booked but told to staff', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    await deliver(bank, created(order, '50'));
    await deliver(bank, filled(order, { value: '50.01', executionId: 'too-much' }));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '50.00' });
    const found = await bank.deps.db.bookingException.findMany({
      where: { orderId: order.orderId },
    });
    expect(found.map(({ executionId, code }) => [executionId, code])).toEqual([
      ['too-much', 'BEYOND_HOLD'],
    ]);
    const alerts = bank.lines.filter(({ level }) => level === 'error');
    expect(alerts.map(({ fields }) => fields)).toMatchObject([
      { error_code: 'BEYOND_HOLD', alert: 'BOOKING_EXCEPTION', order_id: order.orderId },
    ]);
  });
});

describe('a late fill', () => {
  test('is paid from what is available', async () => {
    const account = await anAccount(bank, '100');
    const order = anOrder(account.id);
    await deliver(bank, created(order, '50'), completed(order, 0, 4));
    expect(await balancesOf(bank, account)).toMatchObject({ held: '0.00' });
    await deliver(bank, filled(order, { value: '30', late: true }), completed(order, 1, 6));
    expect(await balancesOf(bank, account)).toMatchObject({
      status: 'ACTIVE',
      posted: '70.00',
      held: '0.00',
      debt: '0.00',
    });
  });

  test('beyond what is available becomes debt, which limits until deposits repay it', async () => {
    const account = await anAccount(bank, '20');
    const order = anOrder(account.id);
    await deliver(bank, created(order, '20'), completed(order, 0, 4));
    await deliver(bank, filled(order, { value: '50', commission: '1', late: true }));
    expect(await balancesOf(bank, account)).toMatchObject({
      status: 'LIMITED',
      posted: '0.00',
      debt: '31.00',
    });
    await deposit(bank, account, '30');
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '1.00' });
    await deposit(bank, account, '30');
    expect(await balancesOf(bank, account)).toMatchObject({
      status: 'ACTIVE',
      posted: '29.00',
      debt: '0.00',
    });
    const events = await bank.published('accounts.account-status-changed.v1');
    const told = events.filter(({ aggregateId }) => aggregateId === account.id);
    expect(told.slice(-2).map(({ payload }) => payload)).toMatchObject([
      { status: 'LIMITED', reason: 'DEBT' },
      { status: 'ACTIVE', reason: 'DEBT_REPAID' },
    ]);
  });
});

describe('a sale', () => {
  test('credits proceeds less fees, which may buy but not leave until they settle', async () => {
    const account = await anAccount(bank, '10');
    const order = anOrder(account.id, 'SELL');
    const fees = { commission: '1', sec: '0.03', taf: '0.02' };
    await deliver(bank, created(order, null));
    await deliver(bank, filled(order, { value: '100', ...fees, settlementDate: '2026-11-23' }));
    await deliver(bank, completed(order, 1));
    expect(await answersTo(order.orderId)).toEqual([]);
    expect(await balancesOf(bank, account)).toMatchObject({
      posted: '108.95',
      available: '108.95',
      unsettled: '98.95',
      withdrawable: '10.00',
    });

    bank.clock.moveTo('2026-11-23T04:59:59.000Z'); // 23:59:59 of the day before in New York
    await bank.runJob('settle-due');
    expect(await balancesOf(bank, account)).toMatchObject({ unsettled: '98.95' });
    bank.clock.moveTo('2026-11-23T05:00:00.000Z');
    await Promise.all([bank.runJob('settle-due'), bank.runJob('settle-due')]);
    await bank.runJob('settle-due');
    expect(await balancesOf(bank, account)).toMatchObject({
      unsettled: '0.00',
      withdrawable: '108.95',
    });
    const settled = (await bank.published('accounts.funds-settled.v1')).filter(
      ({ payload }) => (payload as { orderId: string }).orderId === order.orderId,
    );
    expect(settled.map(({ payload }) => payload)).toMatchObject([
      { accountId: account.id, amount: '100', currency: 'USD', settlementDate: '2026-11-23' },
    ]);
  });

  test('of dust, whose fee is more than it brings, costs the difference', async () => {
    const account = await anAccount(bank, '10');
    await deliver(bank, filled(anOrder(account.id, 'SELL'), { value: '0', commission: '0.01' }));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '9.99', unsettled: '0.00' });
  });
});

test('activities show what moved the money, with its order', async () => {
  const account = await anAccount(bank, '100');
  const buy = anOrder(account.id);
  const sale = anOrder(account.id, 'SELL');
  await deliver(bank, created(buy, '50'));
  await deliver(bank, filled(buy, { value: '40', commission: '0.40' }), completed(buy, 1));
  await deliver(bank, filled(sale, { value: '10', sec: '0.01' }));
  const answer = await bank.as(account.viewer)(
    `query ($id: ID!) { account(id: $id) { activities(first: 5) { nodes {
       kind amount { amount } orderId } } } }`,
    { id: account.id },
  );
  expect(answer.data).toEqual({
    account: {
      activities: {
        nodes: [
          { kind: 'SEC_FEE', amount: { amount: '-0.01' }, orderId: sale.orderId },
          { kind: 'SALE', amount: { amount: '10.00' }, orderId: sale.orderId },
          { kind: 'COMMISSION', amount: { amount: '-0.40' }, orderId: buy.orderId },
          { kind: 'BUY', amount: { amount: '-40.00' }, orderId: buy.orderId },
          { kind: 'DEPOSIT', amount: { amount: '100.00' }, orderId: null },
        ],
      },
    },
  });
});

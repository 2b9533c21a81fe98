import { beforeAll, describe, expect, test } from 'vitest';
import { customer, useBank } from './bank.ts';
import { ids } from './builders.ts';
import { asking, auditing, key, support } from './staff.ts';
import { alice, executed, fundsHeld, place, prepare } from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));
const ask = asking(bank);
const auditOf = auditing(bank);

describe('the commission plan of an account', () => {
  const planOf = async (viewer = alice) => {
    const keys = [{ __typename: 'Account', id: ids.account }];
    const query = `query ($keys: [_Any!]!) {
      _entities(representations: $keys) { ... on Account { commissionPlan } } }`;
    const { data } = await bank.ask(viewer, query, { keys });
    const told = data?.['_entities'] as { commissionPlan: string | null }[] | undefined;
    return told?.[0]?.commissionPlan;
  };
  const feesAndPlan = async (id: string) => {
    const query = `query ($id: ID!) { order(id: $id) {
      commissionPlan holdAmount { amount } fees { total { amount } } } }`;
    return (await bank.ask(alice, query, { id })).data?.['order'];
  };

  test('counts for orders created after it was chosen; the others keep theirs', async () => {
    expect(await planOf()).toBe('STANDARD');
    const before = await place(bank);
    const input = { accountId: '101', plan: 'ZERO', reason: 'staff', idempotencyKey: key() };
    expect(await ask('setCommissionPlan', input)).toBe('done');
    expect(await ask('setCommissionPlan', input)).toBe('done');
    expect(await planOf()).toBe('ZERO');
    const after = await place(bank);
    for (const id of [before, after]) {
      await bank.deliver(fundsHeld(id), executed(id, 1, ['10', '50.00']));
    }
    expect(await feesAndPlan(before)).toEqual({
      commissionPlan: 'STANDARD',
      holdAmount: { amount: '500.50' },
      fees: { total: { amount: '0.50' } },
    });
    expect(await feesAndPlan(after)).toEqual({
      commissionPlan: 'ZERO',
      holdAmount: { amount: '500.00' },
      fees: { total: { amount: '0.00' } },
    });
    const back = { ...input, plan: 'STANDARD', idempotencyKey: key() };
    expect(await ask('setCommissionPlan', back)).toBe('done');
    expect((await auditOf(ids.account)).map(({ reason }) => reason)).toEqual(['staff', 'staff']);
    const rows = await bank.app.deps.db.accountPlan.findMany({ orderBy: { sequence: 'asc' } });
    expect(rows.map(({ sequence, plan }) => [sequence, plan])).toEqual([
      [1, 'zero'],
      [2, 'standard'],
    ]);
  });

  test('two choices at once follow each other', async () => {
    const choose = () =>
      ask('setCommissionPlan', {
        accountId: ids.account,
        plan: 'ZERO',
        reason: 'twice',
        idempotencyKey: key(),
      });
    const results = await Promise.all([choose(), choose(), choose()]);
    expect(results.sort()).toEqual(['PLAN_UNCHANGED', 'PLAN_UNCHANGED', 'done']);
  });

  test('is chosen by operations and seen by owners and staff', async () => {
    const input = { accountId: '101', plan: 'STANDARD', reason: 'x', idempotencyKey: key() };
    expect(await ask('setCommissionPlan', input, support)).toEqual([{ code: 'FORBIDDEN' }]);
    expect(await planOf(customer(ids.bob))).toBeNull();
    expect(await planOf(support)).toBe('ZERO');
    const unknown = { ...input, accountId: '4242' };
    const field = 'input.accountId';
    expect(await ask('setCommissionPlan', unknown)).toEqual([{ code: 'NOT_FOUND', field }]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Account, accountStatuses, freeze, unfreeze, withDebt } from './account.ts';
import { type Activity, permissions } from './permissions.ts';

const active: Account = {
  id: '00000000-0000-4000-8000-000000000001',
  number: '1',
  name: 'Main',
  currency: 'USD',
  status: 'ACTIVE',
  statusBeforeFreeze: null,
  limitedFor: null,
  ownerIds: ['00000000-0000-4000-8000-000000000002'],
  version: 1,
  createdAt: new Date('2026-01-05T15:00:00.000Z'),
};

describe('freezing', () => {
  test('only ACTIVE, LIMITED and CLOSING accounts can be frozen', () => {
    const frozen = accountStatuses.filter((status) => freeze({ ...active, status }).ok);
    expect(frozen).toEqual(['ACTIVE', 'LIMITED', 'CLOSING']);
  });

  test('a frozen account returns to the state before, two versions later', () => {
    for (const status of ['ACTIVE', 'LIMITED', 'CLOSING'] as const) {
      const before = { ...active, status };
      const frozen = freeze(before);
      if (!frozen.ok) throw new Error('refused');
      expect(unfreeze(frozen.value)).toEqual({ ok: true, value: { ...before, version: 3 } });
    }
  });

  test('an account that is not frozen cannot be unfrozen', () => {
    expect(unfreeze(active)).toEqual({ ok: false, error: { code: 'ACCOUNT_STATUS' } });
  });
});

describe('debt', () => {
  test('debt limits an active account, and repaying it lifts the limit', () => {
    const limited = withDebt(active, true);
    expect(limited).toEqual({ ...active, status: 'LIMITED', limitedFor: 'DEBT', version: 2 });
    expect(limited && withDebt(limited, false)).toEqual({ ...active, version: 3 });
  });

  test('a limit that staff has set outlives the debt', () => {
    const limited: Account = { ...active, status: 'LIMITED', limitedFor: 'STAFF' };
    expect([withDebt(limited, true), withDebt(limited, false)]).toEqual([null, null]);
  });

  test('debt of a frozen account decides where it returns to, and tells nobody', () => {
    const frozen: Account = { ...active, status: 'FROZEN', statusBeforeFreeze: 'ACTIVE' };
    const owing = withDebt(frozen, true);
    expect(owing).toEqual({ ...frozen, statusBeforeFreeze: 'LIMITED', limitedFor: 'DEBT' });
    expect(owing && withDebt(owing, false)).toEqual(frozen);
  });

  test('no history of freezes and debts ends anywhere but where its last facts say', () => {
    const step = fc.constantFrom('freeze', 'unfreeze', 'owe', 'repay');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let account = active;
        let facts = { frozen: false, owes: false };
        for (const name of steps) {
          account = applied(account, name);
          facts = noted(facts, name);
        }
        const open = facts.owes ? 'LIMITED' : 'ACTIVE';
        expect(account.status).toBe(facts.frozen ? 'FROZEN' : open);
        expect(account.statusBeforeFreeze).toBe(facts.frozen ? open : null);
      }),
    );
  });
});

type Step = 'freeze' | 'unfreeze' | 'owe' | 'repay';

function applied(account: Account, step: Step): Account {
  if (step === 'owe' || step === 'repay') return withDebt(account, step === 'owe') ?? account;
  const result = step === 'freeze' ? freeze(account) : unfreeze(account);
  return result.ok ? result.value : account;
}

function noted(facts: { frozen: boolean; owes: boolean }, step: Step) {
  if (step === 'owe' || step === 'repay') return { ...facts, owes: step === 'owe' };
  return { ...facts, frozen: step === 'freeze' };
}

test('what each state allows is the table of domain 2.3', () => {
  const order: Activity[] = ['deposit', 'withdraw', 'buy', 'sell', 'cancelOrder'];
  const table = accountStatuses.map((status) => [
    status,
    ...order.map((activity) => permissions[status][activity]),
  ]);
  const never = ['no', 'no', 'no', 'no', 'no'];
  expect(table).toEqual([
    ['ONBOARDING', ...never],
    ['SUBMITTED', ...never],
    ['ACTION_REQUIRED', ...never],
    ['REJECTED', ...never],
    ['ACTIVE', 'yes', 'yes', 'yes', 'yes', 'yes'],
    ['LIMITED', 'yes', 'no', 'no', 'yes', 'yes'],
    ['FROZEN', 'no', 'no', 'no', 'no', 'staff only'],
    ['CLOSING', 'no', 'yes', 'no', 'yes', 'yes'],
    ['CLOSED', ...never],
  ]);
});

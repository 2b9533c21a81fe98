import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Account,
  close,
  type Decision,
  freeze,
  liftLimit,
  limit,
  reopen,
  unfreeze,
  withDebt,
} from './account.ts';
import { type Activity, permissions } from './permissions.ts';
import { type AccountStatus, accountStatuses } from './transitions.ts';

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

const applied = (decision: Decision<unknown>): Account => {
  const last = decision.ok ? decision.value.at(-1) : undefined;
  if (!last) throw new Error('refused');
  return last.account;
};
const refused = { ok: false, error: { code: 'ACCOUNT_STATUS' } };

/** An account in any state, such as the database allows. */
const accountIn = (status: AccountStatus): Account => ({
  ...active,
  status,
  statusBeforeFreeze: status === 'FROZEN' ? 'ACTIVE' : null,
  limitedFor: status === 'LIMITED' ? 'STAFF' : null,
});

describe('freezing', () => {
  test('only ACTIVE, LIMITED and CLOSING accounts can be frozen', () => {
    const frozen = accountStatuses.filter((status) => freeze(accountIn(status)).ok);
    expect(frozen).toEqual(['ACTIVE', 'LIMITED', 'CLOSING']);
  });

  test('a frozen account returns to the state before, two versions later', () => {
    for (const status of ['ACTIVE', 'LIMITED', 'CLOSING'] as const) {
      const before = accountIn(status);
      expect(applied(unfreeze(applied(freeze(before))))).toEqual({ ...before, version: 3 });
    }
  });

  test('an account that is not frozen cannot be unfrozen', () => {
    expect(unfreeze(active)).toEqual(refused);
  });
});

describe('debt', () => {
  test('debt limits an active account, and repaying it lifts the limit', () => {
    const limited = withDebt(active, true)?.account;
    expect(limited).toEqual({ ...active, status: 'LIMITED', limitedFor: 'DEBT', version: 2 });
    expect(limited && withDebt(limited, false)?.account).toEqual({ ...active, version: 3 });
  });

  test('a limit that staff has set outlives the debt', () => {
    const limited = accountIn('LIMITED');
    expect([withDebt(limited, true), withDebt(limited, false)]).toEqual([null, null]);
  });

  test('debt of a frozen account decides where it returns to, and tells nobody', () => {
    const frozen = accountIn('FROZEN');
    const owing = withDebt(frozen, true);
    expect(owing).toEqual({
      account: { ...frozen, statusBeforeFreeze: 'LIMITED', limitedFor: 'DEBT' },
      trigger: null,
    });
    expect(owing && withDebt(owing.account, false)?.account).toEqual(frozen);
  });
});

describe('limits of staff', () => {
  const owingLimited = applied(limit(withDebt(active, true)?.account ?? active));

  test('staff may limit what a debt has limited: it stays so when the debt is repaid', () => {
    expect(owingLimited).toEqual({
      ...active,
      status: 'LIMITED',
      limitedFor: 'STAFF',
      version: 2,
    });
    expect(withDebt(owingLimited, false)).toBeNull();
    expect(limit(owingLimited)).toEqual(refused);
  });

  test('lifting leaves a debt in force, and its repayment then frees the account', () => {
    const lifted = applied(liftLimit(owingLimited, { owes: true }));
    expect([lifted.status, lifted.limitedFor, lifted.version]).toEqual(['LIMITED', 'DEBT', 2]);
    expect(liftLimit(lifted, { owes: false })).toEqual(refused);
    expect(withDebt(lifted, false)?.account.status).toBe('ACTIVE');
  });

  test('closing and reopening is no way around a limit or a debt', () => {
    const none = { openOrders: false };
    const closing = applied(close(owingLimited, none));
    expect(applied(reopen(closing, { owes: false }))).toMatchObject({
      status: 'LIMITED',
      limitedFor: 'STAFF',
    });
    const owing = applied(close(active, none));
    expect(applied(reopen(owing, { owes: true }))).toMatchObject({
      status: 'LIMITED',
      limitedFor: 'DEBT',
    });
    expect(applied(reopen(owing, { owes: false })).status).toBe('ACTIVE');
  });

  test('no history of freezes, limits, closings and debts ends but where its facts say', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), (names) => {
        let account = active;
        let facts: Facts = { frozen: false, owes: false, limited: false, closing: false };
        for (const name of names) {
          const after = afterStep(account, name, facts);
          if (after) facts = noted(facts, name);
          account = after ?? account;
        }
        const open = facts.owes || facts.limited ? 'LIMITED' : 'ACTIVE';
        const thawed = facts.closing ? 'CLOSING' : open;
        expect(account.status).toBe(facts.frozen ? 'FROZEN' : thawed);
        expect(account.statusBeforeFreeze).toBe(facts.frozen ? thawed : null);
      }),
      { numRuns: 1_000 },
    );
  });
});

const steps = [
  ...['freeze', 'unfreeze', 'owe', 'repay'],
  ...['limit', 'lift', 'close', 'reopen'],
] as const;
type Facts = Readonly<Record<'frozen' | 'owes' | 'limited' | 'closing', boolean>>;

/** Null when the step is refused; a debt changes facts even where no state follows. */
function afterStep(account: Account, name: string, facts: Facts): Account | null {
  if (name === 'owe' || name === 'repay') {
    return withDebt(account, name === 'owe')?.account ?? account;
  }
  const { owes } = facts;
  const decisions: Readonly<Record<string, () => Decision<unknown>>> = {
    freeze: () => freeze(account),
    unfreeze: () => unfreeze(account),
    limit: () => limit(account),
    lift: () => liftLimit(account, { owes }),
    close: () => close(account, { openOrders: false }),
    reopen: () => reopen(account, { owes }),
  };
  const decision = decisions[name]?.();
  return decision?.ok ? applied(decision) : null;
}

function noted(facts: Facts, name: string): Facts {
  const changes: Readonly<Record<string, Partial<Facts>>> = {
    freeze: { frozen: true },
    unfreeze: { frozen: false },
    owe: { owes: true },
    repay: { owes: false },
    limit: { limited: true },
    lift: { limited: false },
    close: { closing: true },
    reopen: { closing: false },
  };
  return { ...facts, ...changes[name] };
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

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCustomer, anAccount, openAccount, submitAccount, verify } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { answered, askMore, passVerifications } from './support/verifications.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank({ env: { ACCOUNTS_VERIFICATION_DELAY_MS: '1000' } });
});
afterAll(() => bank.stop());

describe('accounts wait for their owners', () => {
  const statusOf = async (id: string) =>
    (await bank.deps.db.account.findUniqueOrThrow({ where: { id } })).status;

  test('an account of an accepted customer is active at once', async () => {
    const { viewer } = await answered(bank, 'Ada Saver');
    const { id } = await openAccount(bank, viewer);
    expect(await submitAccount(bank, viewer, id)).toBe('ACTIVE');
  });

  test('it waits for the answer, and every waiting account moves with it', async () => {
    const { viewer } = await aCustomer(bank);
    const [one, two, early] = [
      await openAccount(bank, viewer),
      await openAccount(bank, viewer),
      await openAccount(bank, viewer),
    ];
    await verify(bank, viewer);
    expect(await submitAccount(bank, viewer, one.id)).toBe('SUBMITTED');
    expect(await submitAccount(bank, viewer, two.id)).toBe('SUBMITTED');
    await passVerifications(bank);
    const states = await Promise.all([one, two, early].map(({ id }) => statusOf(id)));
    expect(states).toEqual(['ACTIVE', 'ACTIVE', 'ONBOARDING']);
  });

  test('review and a request for more need action; the new profile submits it again', async () => {
    const { id: customerId, viewer } = await answered(bank, 'Rita Review');
    const { id } = await openAccount(bank, viewer);
    expect(await submitAccount(bank, viewer, id)).toBe('ACTION_REQUIRED');
    await bank.as(operations)(askMore, { input: { customerId, reason: 'the back, please' } });
    expect(await statusOf(id)).toBe('ACTION_REQUIRED');
    await verify(bank, viewer, 'Rita Right');
    expect(await statusOf(id)).toBe('SUBMITTED');
    await passVerifications(bank);
    expect(await statusOf(id)).toBe('ACTIVE');
    const history = await bank.deps.db.accountStatusChange.findMany({
      where: { accountId: id },
      orderBy: { id: 'asc' },
    });
    expect(history.map(({ trigger }) => trigger)).toEqual([
      'OPEN',
      'SUBMIT',
      'ACTION_NEEDED',
      'RESUBMIT',
      'OWNERS_ACCEPTED',
    ]);
  });

  test('a rejected owner ends it, for good', async () => {
    const { viewer } = await answered(bank, 'Rob Rejected');
    const { id } = await openAccount(bank, viewer);
    expect(await submitAccount(bank, viewer, id)).toBe('REJECTED');
  });

  test('a joint account waits for all, and one who answers last moves it', async () => {
    const [ann, bob] = [await aCustomer(bank, 'Ann'), await aCustomer(bank, 'Bob')];
    const joint = await openAccount(bank, ann.viewer, { ownerIds: [ann.id, bob.id] });
    await verify(bank, ann.viewer, 'Ann Able');
    expect(await submitAccount(bank, bob.viewer, joint.id)).toBe('SUBMITTED');
    await passVerifications(bank);
    expect(await statusOf(joint.id)).toBe('SUBMITTED');
    await verify(bank, bob.viewer, 'Bob Able');
    await passVerifications(bank);
    expect(await statusOf(joint.id)).toBe('ACTIVE');
  });

  test('two owners accepted at once leave no account behind', async () => {
    const owners = await Promise.all([aCustomer(bank, 'Ann'), aCustomer(bank, 'Bob')]);
    const [ann, bob] = owners;
    const ownerIds = owners.map(({ id }) => id);
    const joint = await Promise.all(
      Array.from({ length: 5 }, () => openAccount(bank, ann.viewer, { ownerIds })),
    );
    await verify(bank, ann.viewer);
    await verify(bank, bob.viewer);
    bank.clock.advance(1_000);
    // Submissions and both answers run into each other.
    await Promise.all([
      ...joint.map(({ id }) => submitAccount(bank, bob.viewer, id)),
      bank.runJob('advance-verifications'),
    ]);
    expect(await Promise.all(joint.map(({ id }) => statusOf(id)))).toEqual(
      joint.map(() => 'ACTIVE'),
    );
  });

  test('each change is told to the other contexts, in the order of its versions', async () => {
    const { id } = await anAccount(bank);
    await passVerifications(bank);
    const events = (await bank.published()).filter(({ aggregateId }) => aggregateId === id);
    const told = events.map(({ aggregateVersion, payload }) => [
      aggregateVersion,
      (payload as { status: string }).status,
    ]);
    expect(told).toEqual([
      [1, 'ONBOARDING'],
      [2, 'SUBMITTED'],
      [3, 'ACTIVE'],
    ]);
  });
});

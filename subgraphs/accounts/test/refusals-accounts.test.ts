import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import { afterAll, beforeAll } from 'vitest';
import {
  aCustomer,
  anAccount,
  anOrder,
  created,
  deliver,
  openAccount,
  submitAccount,
} from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { type RefusalCases, testRefusals } from './support/refusals.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Call = { readonly mutation: string; readonly viewer: Viewer; readonly input: object };

/** Asks for what must succeed. */
async function call({ mutation, viewer, input }: Call): Promise<void> {
  const type = mutation.slice(0, 1).toUpperCase() + mutation.slice(1);
  const text = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename } }`;
  const { data, errors } = await bank.as(viewer)(text, { input });
  const answer = JSON.stringify(data?.[mutation] ?? errors);
  if (answer !== `{"__typename":"${type}Success"}`) throw new Error(`${mutation}: ${answer}`);
}

const anOpening = (change: object = {}) => ({
  ...{ name: 'Main', idempotencyKey: randomUUID() },
  ...change,
});

/** The key of the first call, with another body. */
async function reused({ mutation, viewer, input }: Call, other: object) {
  const first = { ...input, idempotencyKey: 'reused' };
  await call({ mutation, viewer, input: first });
  return { viewer, input: { ...first, ...other } };
}

const opening: RefusalCases = {
  'openAccount.CURRENCY_NOT_SUPPORTED': async () => ({
    viewer: (await aCustomer(bank)).viewer,
    input: anOpening({ currency: 'JPY' }),
  }),
  'openAccount.OWNER_NOT_FOUND': async () => {
    const { id, viewer } = await aCustomer(bank);
    return { viewer, input: anOpening({ ownerIds: [id, randomUUID()] }) };
  },
  'openAccount.TOO_MANY_ACCOUNTS': async () => {
    const { viewer } = await aCustomer(bank);
    for (let n = 0; n < 20; n++) await openAccount(bank, viewer);
    return { viewer, input: anOpening() };
  },
  'openAccount.IDEMPOTENCY_KEY_REUSED': async () => {
    const { viewer } = await aCustomer(bank);
    const input = { name: 'Main' };
    return reused({ mutation: 'openAccount', viewer, input }, { name: 'Other' });
  },
  'renameAccount.ACCOUNT_STATUS': async () => {
    const { viewer } = await aCustomer(bank);
    const { id: accountId } = await openAccount(bank, viewer);
    return { viewer, input: { accountId, name: 'Too early' } };
  },
  'renameAccount.IDEMPOTENCY_KEY_REUSED': async () => {
    const { id: accountId, viewer } = await anAccount(bank);
    const input = { accountId, name: 'Holiday' };
    return reused({ mutation: 'renameAccount', viewer, input }, { name: 'House' });
  },
};

/** A second account of the same owner: for it the key means another request. */
async function twoAccounts() {
  const account = await anAccount(bank);
  const second = await openAccount(bank, account.viewer);
  await submitAccount(bank, account.viewer, second.id);
  return { ...account, other: { accountId: second.id } };
}

const byOwner: RefusalCases = {
  'submitAccount.ACCOUNT_STATUS': async () => {
    const { id: accountId, viewer } = await anAccount(bank);
    return { viewer, input: { accountId } };
  },
  'submitAccount.IDEMPOTENCY_KEY_REUSED': async () => {
    const { viewer, id } = await anAccount(bank);
    const { id: accountId } = await openAccount(bank, viewer);
    return reused({ mutation: 'submitAccount', viewer, input: { accountId } }, { accountId: id });
  },
  'closeAccount.OPEN_ORDERS': async () => {
    const { id: accountId, viewer } = await anAccount(bank);
    await deliver(bank, created(anOrder(accountId, 'SELL'), null));
    return { viewer, input: { accountId } };
  },
  'closeAccount.ACCOUNT_STATUS': async () => {
    const { viewer } = await aCustomer(bank);
    return { viewer, input: { accountId: (await openAccount(bank, viewer)).id } };
  },
  'closeAccount.IDEMPOTENCY_KEY_REUSED': async () => {
    const { id: accountId, viewer, other } = await twoAccounts();
    return reused({ mutation: 'closeAccount', viewer, input: { accountId } }, other);
  },
  'reopenAccount.ACCOUNT_STATUS': async () => {
    const { id: accountId, viewer } = await anAccount(bank);
    return { viewer, input: { accountId } };
  },
  'reopenAccount.IDEMPOTENCY_KEY_REUSED': async () => {
    const { id: accountId, viewer, other } = await twoAccounts();
    const input = { accountId };
    await call({ mutation: 'closeAccount', viewer, input });
    return reused({ mutation: 'reopenAccount', viewer, input }, other);
  },
};

const viewer = operations;
const reason = 'court order';
type StaffCommand = 'limitAccount' | 'liftLimit' | 'freezeAccount' | 'unfreezeAccount';

/** An account in a state where the command is illegal, and one where it is legal. */
const before: Readonly<Record<StaffCommand, { illegal?: StaffCommand; legal?: StaffCommand }>> = {
  limitAccount: { illegal: 'freezeAccount' },
  liftLimit: { legal: 'limitAccount' },
  freezeAccount: { illegal: 'freezeAccount' },
  unfreezeAccount: { legal: 'freezeAccount' },
};

async function accountAfter(mutation: StaffCommand | undefined): Promise<string> {
  const { id: accountId } = await anAccount(bank);
  if (mutation) await call({ mutation, viewer, input: { accountId, reason } });
  return accountId;
}

const byStaff = (mutation: StaffCommand): RefusalCases => ({
  [`${mutation}.ACCOUNT_STATUS`]: async () => {
    const accountId = await accountAfter(before[mutation].illegal);
    return { viewer, input: { accountId, reason } };
  },
  [`${mutation}.IDEMPOTENCY_KEY_REUSED`]: async () => {
    const accountId = await accountAfter(before[mutation].legal);
    const key = { idempotencyKey: randomUUID() };
    const input = { accountId, reason, ...key };
    await call({ mutation, viewer, input });
    return { viewer, input: { ...input, reason: 'another reason' } };
  },
});

testRefusals('schema/accounts.graphql', () => bank, opening);
testRefusals('schema/account-states.graphql', () => bank, {
  ...byOwner,
  ...byStaff('limitAccount'),
  ...byStaff('liftLimit'),
  ...byStaff('freezeAccount'),
  ...byStaff('unfreezeAccount'),
});

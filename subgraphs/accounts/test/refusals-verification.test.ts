import { afterAll, beforeAll } from 'vitest';
import { aCustomer, aProfile, verify } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { type RefusalCases, testRefusals } from './support/refusals.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const reason = 'looked at the passport';

async function inReview(): Promise<string> {
  const { id, viewer } = await aCustomer(bank);
  await verify(bank, viewer, 'Rita Review');
  return id;
}

async function succeed(mutation: 'decideVerification' | 'requestMoreInformation', input: object) {
  const type = mutation.slice(0, 1).toUpperCase() + mutation.slice(1);
  const text = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename } }`;
  const { data } = await bank.as(operations)(text, { input });
  if (!JSON.stringify(data).includes('Success')) throw new Error(JSON.stringify(data));
}

const cases: RefusalCases = {
  'submitProfile.DATE_OF_BIRTH_NOT_PAST': async () => ({
    viewer: (await aCustomer(bank)).viewer,
    input: aProfile('Alice', { dateOfBirth: '2026-11-20' }),
  }),
  'submitProfile.UNDER_AGE': async () => ({
    viewer: (await aCustomer(bank)).viewer,
    input: aProfile('Alice', { dateOfBirth: '2008-11-21' }),
  }),
  'submitProfile.VERIFICATION_STATUS': async () => {
    const { viewer } = await aCustomer(bank);
    await verify(bank, viewer);
    return { viewer, input: aProfile() };
  },
  'submitProfile.IDEMPOTENCY_KEY_REUSED': async () => {
    const { viewer } = await aCustomer(bank);
    const first = aProfile('Alice', { idempotencyKey: 'profile' });
    const text = `mutation ($input: SubmitProfileInput!) {
      submitProfile(input: $input) { __typename } }`;
    await bank.as(viewer)(text, { input: first });
    return { viewer, input: { ...first, identityNumber: '078-05-1121' } };
  },
  'decideVerification.VERIFICATION_STATUS': async () => ({
    viewer: operations,
    input: { customerId: (await aCustomer(bank)).id, decision: 'ACCEPT', reason },
  }),
  'decideVerification.IDEMPOTENCY_KEY_REUSED': async () => {
    const customerId = await inReview();
    const input = { customerId, decision: 'ACCEPT', reason, idempotencyKey: 'decide' };
    await succeed('decideVerification', input);
    return { viewer: operations, input: { ...input, decision: 'REJECT' } };
  },
  'requestMoreInformation.VERIFICATION_STATUS': async () => ({
    viewer: operations,
    input: { customerId: (await aCustomer(bank)).id, reason },
  }),
  'requestMoreInformation.IDEMPOTENCY_KEY_REUSED': async () => {
    const customerId = await inReview();
    const input = { customerId, reason, idempotencyKey: 'more' };
    await succeed('requestMoreInformation', input);
    return { viewer: operations, input: { ...input, reason: 'another document' } };
  },
};

testRefusals('schema/verification.graphql', () => bank, cases);

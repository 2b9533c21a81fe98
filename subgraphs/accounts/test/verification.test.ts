import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataKeys, resealProfiles } from '../src/verification/index.ts';
import { aCustomer, aProfile, resultOf, verify } from './builders.ts';
import {
  anonymous,
  type Bank,
  dataKeys,
  operations,
  principal,
  startBank,
} from './support/bank.ts';
import { answered, askMore, passVerifications } from './support/verifications.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank({ env: { ACCOUNTS_VERIFICATION_DELAY_MS: '1000' } });
});
afterAll(() => bank.stop());

type Seen = { readonly status: string; readonly reasons: readonly string[] };

async function verificationOf(viewer: Parameters<Bank['as']>[0]): Promise<Seen> {
  const answer = await bank.as(viewer)('{ me { verification { status reasons } } }');
  return resultOf<{ verification: Seen }>(answer, 'me').verification;
}

const decide = `mutation ($input: DecideVerificationInput!) { decideVerification(input: $input) {
  ... on DecideVerificationSuccess { customer { verification { status } } } } }`;
const submit = `mutation ($input: SubmitProfileInput!) { submitProfile(input: $input) {
  ... on SubmitProfileSuccess { customer { id verification { status } } } } }`;

describe('the way of a customer', () => {
  test('nobody is verified before they have told who they are, and staff never is', async () => {
    const { viewer } = await aCustomer(bank);
    expect(await verificationOf(viewer)).toEqual({ status: 'NOT_STARTED', reasons: [] });
    await verify(bank, viewer);
    expect(await verificationOf(viewer)).toEqual({ status: 'PENDING', reasons: [] });
  });

  test.each([
    ['Ada Saver', 'ACCEPTED', []],
    ['Rita Review', 'REVIEW', ['DOCUMENT_UNCLEAR']],
    ['Rob Rejected', 'REJECTED', ['IDENTITY_NOT_FOUND']],
  ])('the provider answers for %s: %s', async (legalName, status, reasons) => {
    const { viewer } = await answered(bank, legalName);
    expect(await verificationOf(viewer)).toEqual({ status, reasons });
  });

  test('staff accepts or rejects who is in review, and only the audit keeps why', async () => {
    for (const [decision, status] of [
      ['ACCEPT', 'ACCEPTED'],
      ['REJECT', 'REJECTED'],
    ]) {
      const { id: customerId, viewer } = await answered(bank, 'Rita Review');
      const input = { customerId, decision, reason: 'saw the passport' };
      const answer = await bank.as(operations)(decide, { input });
      expect(answer.data).toEqual({
        decideVerification: { customer: { verification: { status } } },
      });
      expect(await verificationOf(viewer)).toEqual({ status, reasons: [] });
      const [row] = await bank.deps.db.audit.findMany({
        where: { subject: customerId, command: 'decideVerification' },
      });
      expect([row?.reason, row?.role, row?.outcome]).toEqual([
        'saw the passport',
        'operations',
        'DONE',
      ]);
      expect(row?.beforeDigest).not.toBe(row?.afterDigest);
    }
  });

  test('who is asked for more is told what, and may submit again', async () => {
    const { id: customerId, viewer } = await answered(bank, 'Rita Review');
    const reason = 'Please send the back of your card.';
    const answer = await bank.as(operations)(askMore, { input: { customerId, reason } });
    const told = { status: 'NOT_STARTED', reasons: [reason] };
    expect(answer.data).toEqual({ requestMoreInformation: { customer: { verification: told } } });
    expect(await verificationOf(viewer)).toEqual(told);
    await verify(bank, viewer, 'Rita Right');
    expect(await verificationOf(viewer)).toEqual({ status: 'PENDING', reasons: [] });
    await passVerifications(bank);
    expect((await verificationOf(viewer)).status).toBe('ACCEPTED');
  });

  test('only operations decides; support looks, customers do neither', async () => {
    const { id: customerId, viewer } = await answered(bank, 'Rita Review');
    const support = principal('00000000-0000-4000-8000-00000000000b', 'support');
    const input = { customerId, decision: 'ACCEPT', reason: 'because' };
    for (const who of [viewer, support, anonymous()]) {
      const { errors } = await bank.as(who)(decide, { input });
      const code =
        who === anonymous() || who.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      expect(errors?.[0]?.extensions).toEqual({ code });
    }
    const queue = '{ customersInReview(first: 100) { id } }';
    const seen = await bank.as(support)(queue);
    expect(JSON.stringify(seen.data)).toContain(customerId);
    expect((await bank.as(viewer)(queue)).errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    const profile = `{ customerProfile(customerId: "${customerId}") {
      legalName dateOfBirth country identityNumberEnding } }`;
    expect((await bank.as(support)(profile)).data).toEqual({
      customerProfile: {
        legalName: 'Rita Review',
        dateOfBirth: '1990-02-28',
        country: 'US',
        identityNumberEnding: '1120',
      },
    });
    expect((await bank.as(viewer)(profile)).errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
  });
});

describe('submitting a profile', () => {
  test.each([
    [{ legalName: ' ' }, 'input.legalName'],
    [{ dateOfBirth: '1870-01-01' }, 'input.dateOfBirth'],
    [{ country: 'XX' }, 'input.country'],
    [{ country: 'Germany' }, 'input.country'],
    [{ identityNumber: '1' }, 'input.identityNumber'],
    [{ identityNumber: '<script>alert</script>' }, 'input.identityNumber'],
    [{ address: { street: ' ', city: 'A', postalCode: '1' } }, 'input.address.street'],
    [{ address: { street: 'A', city: '', postalCode: '1' } }, 'input.address.city'],
    [
      { address: { street: 'A', city: 'B', postalCode: '1'.repeat(21) } },
      'input.address.postalCode',
    ],
  ])('%j is bad input that names its field', async (change, field) => {
    const { viewer } = await aCustomer(bank);
    const { errors } = await bank.as(viewer)(submit, { input: aProfile('Alice', change) });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
  });

  test('whoever turns 18 today is of age', async () => {
    const { viewer } = await aCustomer(bank);
    const input = aProfile('Alice', { dateOfBirth: '2008-11-20' });
    expect((await bank.as(viewer)(submit, { input })).data).toMatchObject({
      submitProfile: { customer: { verification: { status: 'PENDING' } } },
    });
  });

  test('a repeat with its key answers the same and asks the provider nothing more', async () => {
    const { id: customerId, viewer } = await aCustomer(bank);
    const input = aProfile('Alice', { idempotencyKey: 'once' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => bank.as(viewer)(submit, { input })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.errors).toBeUndefined();
    expect(await bank.deps.db.verificationRequest.count({ where: { customerId } })).toBe(1);
  });
});

describe('what the bank keeps of a person', () => {
  const number = 'ZX-4711-SECRET';
  const secrets = [number, 'ZX-4711', 'Xaver Unmistakable', 'Hidden Lane 7', '1977-07-07'];

  test('neither logs, events, audit nor keys tell it, and the number is encrypted', async () => {
    const { id: customerId, viewer } = await aCustomer(bank);
    const profile = aProfile('Xaver Unmistakable', {
      dateOfBirth: '1977-07-07',
      address: { street: 'Hidden Lane 7', city: 'Town', postalCode: '1' },
      identityNumber: number,
      idempotencyKey: 'mine',
    });
    await bank.as(viewer)(submit, { input: profile });
    await passVerifications(bank);
    const { db } = bank.deps;
    const told = JSON.stringify([
      await bank.published(),
      bank.lines,
      await db.audit.findMany({ select: { reason: true, subject: true, command: true } }),
      await db.idempotencyKey.findMany(),
      await db.verification.findMany(),
    ]);
    for (const secret of secrets) expect(told).not.toContain(secret);

    const row = await db.verificationProfile.findUniqueOrThrow({ where: { customerId } });
    expect(Buffer.from(row.identityNumber).toString('latin1')).not.toContain('4711');
    expect([row.identityKey, row.identityNonce.length]).toEqual(['test-key', 12]);
  });

  test('a number cannot be moved to another customer, nor changed', async () => {
    const keys = createDataKeys(dataKeys('a'));
    const sealed = keys.seal(number, 'customer-1');
    expect(keys.open(sealed, 'customer-1')).toBe(number);
    expect(() => keys.open(sealed, 'customer-2')).toThrow();
    const [first = 0, ...rest] = sealed.bytes;
    const changed = { ...sealed, bytes: Buffer.from([first ^ 1, ...rest]) };
    expect(() => keys.open(changed, 'customer-1')).toThrow();
    expect(keys.seal(number, 'customer-1').bytes).not.toEqual(sealed.bytes);
  });

  test('a new key in front re-encrypts what older ones encrypted, and the old may go', async () => {
    const { id: customerId, viewer } = await aCustomer(bank);
    await bank.as(viewer)(submit, { input: aProfile('Alice', { identityNumber: number }) });
    const both = createDataKeys(dataKeys('new-key', 'test-key'));
    await resealProfiles({ ...bank.deps, dataKeys: both });
    const row = await bank.deps.db.verificationProfile.findUniqueOrThrow({ where: { customerId } });
    expect(row.identityKey).toBe('new-key');
    const sealed = {
      keyId: row.identityKey,
      nonce: Buffer.from(row.identityNonce),
      bytes: Buffer.from(row.identityNumber),
    };
    expect(createDataKeys(dataKeys('new-key')).open(sealed, customerId)).toBe(number);
    // Back again, for the tests that follow.
    await resealProfiles({
      ...bank.deps,
      dataKeys: createDataKeys(dataKeys('test-key', 'new-key')),
    });
  });
});

describe('the provider', () => {
  test('a slow one is waited for', async () => {
    const { viewer } = await aCustomer(bank);
    await verify(bank, viewer, 'Sam Slow');
    await passVerifications(bank, 30_000);
    expect((await verificationOf(viewer)).status).toBe('PENDING');
    await passVerifications(bank, 30_000);
    expect((await verificationOf(viewer)).status).toBe('ACCEPTED');
  });

  test('one that is not reached is asked again, less and less often', async () => {
    const { id: customerId, viewer } = await aCustomer(bank);
    await verify(bank, viewer, 'Fay Fail');
    const requests = () =>
      bank.deps.db.verificationRequest.findMany({ where: { customerId, answeredAt: null } });
    await bank.runJob('advance-verifications');
    const [first] = await requests();
    await bank.runJob('advance-verifications');
    expect((await requests())[0]?.failures).toBe(first?.failures);
    for (let round = 0; round < 6; round++) await passVerifications(bank, 5_000);
    expect((await verificationOf(viewer)).status).toBe('ACCEPTED');
    expect(await requests()).toEqual([]);
  });

  test('its answer is written down once, whoever asks at the same time', async () => {
    const { id: customerId, viewer } = await aCustomer(bank);
    await verify(bank, viewer, 'Ada Saver');
    bank.clock.advance(1_000);
    await Promise.all(Array.from({ length: 5 }, () => bank.runJob('advance-verifications')));
    expect((await verificationOf(viewer)).status).toBe('ACCEPTED');
    const rows = await bank.deps.db.audit.count({
      where: { subject: customerId, command: 'advance-verifications' },
    });
    expect(rows).toBe(1);
  });
});

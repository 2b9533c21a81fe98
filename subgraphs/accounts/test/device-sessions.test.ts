import { randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword } from './builders.ts';
import { anonymous, type Bank, startBank } from './support/bank.ts';
import {
  type Changes,
  createDevice,
  type Device,
  refreshWith,
  signInAnswer,
  signInWith,
} from './support/device.ts';
import { openSql } from './support/sql.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const aDevice = () => createDevice(() => bank.clock.now());

async function aPerson(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const text = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
  await bank.as(anonymous())(text, { input: { email, password: goodPassword, name: 'Alice' } });
  return email;
}

async function aSession(device: Device) {
  const email = await aPerson();
  const tokens = await signInWith(bank, { email, deviceProof: await device.proof() });
  return { ...tokens, email, id: String(decodeJwt(tokens.accessToken)['sid']) };
}

const rowOf = (id: string) => bank.deps.db.session.findUniqueOrThrow({ where: { id } });
const toldOf = async (id: string) =>
  (await bank.published('accounts.session-compromised.v1'))
    .filter(({ aggregateId }) => aggregateId === id)
    .map(({ payload }) => payload);
const auditOf = async (subject: string) =>
  (await bank.deps.db.audit.findMany({ where: { subject, command: 'refresh' } })).map(
    ({ outcome }) => outcome,
  );

async function outcome(refreshToken: string, proof: string): Promise<string> {
  const { code, tokens } = await refreshWith(bank, { refreshToken, deviceProof: proof });
  return tokens ? 'DONE' : String(code);
}

describe('a session of a phone', () => {
  test('is refreshed by the key it was opened with, again and again', async () => {
    const device = aDevice();
    let { refreshToken } = await aSession(device);
    for (let step = 0; step < 3; step++) {
      bank.clock.advance(86_400_000);
      const deviceProof = await device.proof({ refreshToken });
      const { tokens } = await refreshWith(bank, { refreshToken, deviceProof });
      refreshToken = tokens?.refreshToken ?? '';
    }
    expect(refreshToken).not.toBe('');
  });

  test('ends when its token comes with another key, and its owner is told', async () => {
    const device = aDevice();
    const { refreshToken, id, email } = await aSession(device);
    const byThief = await aDevice().proof({ refreshToken });
    expect(await outcome(refreshToken, byThief)).toBe('DEVICE_PROOF_INVALID');
    expect(await rowOf(id)).toMatchObject({ revokedFor: 'DEVICE_UNPROVEN' });
    const owner = await bank.deps.db.identity.findUniqueOrThrow({ where: { email } });
    expect(await toldOf(id)).toEqual([
      { customerId: owner.id, sessionId: id, channel: 'mobile', reason: 'DEVICE_UNPROVEN' },
    ]);
    expect(await auditOf(id)).toEqual(['DEVICE_PROOF_INVALID']);
    const right = await device.proof({ refreshToken });
    expect(await outcome(refreshToken, right)).toBe('TOKEN_EXPIRED');
  });

  test('ends when its token comes with no proof, or with the owner’s key unsigned', async () => {
    const device = aDevice();
    const without = await aSession(device);
    const { refreshToken } = without;
    expect(await refreshWith(bank, { refreshToken })).toEqual({ code: 'DEVICE_PROOF_REQUIRED' });
    expect(await rowOf(without.id)).toMatchObject({ revokedFor: 'DEVICE_UNPROVEN' });

    const posed = await aSession(device);
    const jwk = await device.publicKey();
    const forged = await aDevice().proof({ refreshToken: posed.refreshToken, jwk });
    expect(await outcome(posed.refreshToken, forged)).toBe('DEVICE_PROOF_INVALID');
    expect(await toldOf(posed.id)).toHaveLength(1);
  });

  const faults: readonly (readonly [string, (token: string) => Changes])[] = [
    ['is two minutes old', () => ({ claims: { iat: seconds() - 121 } })],
    ['is from the future', () => ({ claims: { iat: seconds() + 61 } })],
    ['was made for signing in', () => ({ claims: { htu: 'urn:simplebank:signIn' } })],
    ['was made for another token', () => ({ claims: { ath: 'x'.repeat(43) } })],
    ['names no token', () => ({ claims: { ath: undefined } })],
    ['has no id', () => ({ claims: { jti: undefined } })],
    ['is for another method', () => ({ claims: { htm: 'GET' } })],
    ['tells no time', () => ({ claims: { iat: 'now' } })],
  ];
  const seconds = () => Math.floor(bank.clock.now().getTime() / 1000);

  test.each(faults)('lives on when a proof by its key %s: refused, made anew', async (_, fault) => {
    const device = aDevice();
    const { refreshToken, id } = await aSession(device);
    const faulty = await device.proof({ refreshToken, ...fault(refreshToken) });
    expect(await outcome(refreshToken, faulty)).toBe('DEVICE_PROOF_INVALID');
    expect(await auditOf(id)).toEqual(['DEVICE_PROOF_INVALID']);
    expect(await outcome(refreshToken, await device.proof({ refreshToken }))).toBe('DONE');
    expect(await toldOf(id)).toEqual([]);
  });

  test('takes a proof whose clock is a little off', async () => {
    for (const drift of [-120, 60]) {
      const device = aDevice();
      const { refreshToken } = await aSession(device);
      const claims = { iat: seconds() + drift };
      expect(await outcome(refreshToken, await device.proof({ refreshToken, claims }))).toBe(
        'DONE',
      );
    }
  });

  test('takes each proof once, remembered while it could be shown again', async () => {
    const device = aDevice();
    const { refreshToken } = await aSession(device);
    const claims = { jti: 'the-same-id' };
    const first = await device.proof({ refreshToken, claims });
    const second = (await refreshWith(bank, { refreshToken, deviceProof: first })).tokens;
    const next = second?.refreshToken ?? '';
    const again = await device.proof({ refreshToken: next, claims });
    expect(await outcome(next, again)).toBe('DEVICE_PROOF_INVALID');
    await bank.runJob('drop-old-attempts');
    expect(await outcome(next, again)).toBe('DEVICE_PROOF_INVALID');
    bank.clock.advance(180_001);
    await bank.runJob('drop-old-attempts');
    const kept = await bank.deps.db.deviceProof.count();
    expect(kept).toBeGreaterThan(0); // by the clock of another process it may still be good
    bank.clock.advance(60_000);
    await bank.runJob('drop-old-attempts');
    expect(await bank.deps.db.deviceProof.count()).toBe(0);
    expect(await outcome(next, again)).toBe('DEVICE_PROOF_INVALID'); // too old by now
  });

  test('two refreshes at once end it: its key is in one place, and so is its token', async () => {
    const device = aDevice();
    const { refreshToken } = await aSession(device);
    const proofs = [await device.proof({ refreshToken }), await device.proof({ refreshToken })];
    const codes = await Promise.all(proofs.map((proof) => outcome(refreshToken, proof)));
    expect(codes.toSorted()).toEqual(['DONE', 'TOKEN_REUSED']);
  });

  test('of a release before keys is over: a key is bound by the password only', async () => {
    const device = aDevice();
    const { refreshToken, id } = await aSession(device);
    const sql = await openSql(bank.databaseUrl);
    await sql(`ALTER TABLE session DISABLE TRIGGER session_device_stays;
      UPDATE session SET device_thumbprint = NULL WHERE id = '${id}';
      ALTER TABLE session ENABLE TRIGGER session_device_stays`);
    await sql.end();
    expect(await outcome(refreshToken, await device.proof({ refreshToken }))).toBe('TOKEN_EXPIRED');
  });

  test('never changes its key, not even by SQL', async () => {
    const { id } = await aSession(aDevice());
    const sql = await openSql(bank.databaseUrl);
    const taken = sql(
      `UPDATE session SET device_thumbprint = '${'x'.repeat(43)}' WHERE id = '${id}'`,
    );
    await expect(taken).rejects.toThrow(`session ${id} stays with its device`);
    await sql.end();
  });
});

describe('signing in on a phone', () => {
  test.each<[string, Changes]>([
    ['two minutes old', { claims: { iat: 1_700_000_000 } }],
    ['for a refresh', { claims: { htu: 'urn:simplebank:refresh' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['without its key', { header: { jwk: undefined } }],
  ])('is refused with a proof %s', async (_, changes) => {
    const email = await aPerson();
    const deviceProof = await aDevice().proof(changes);
    const refusal = { code: 'DEVICE_PROOF_INVALID' };
    expect(await signInAnswer(bank, { email, deviceProof })).toEqual(refusal);
  });

  test('is refused with alg none, a shared secret, or a private key in the header', async () => {
    const email = await aPerson();
    const device = aDevice();
    const jwk = await device.publicKey();
    const good = (await device.proof()).split('.');
    const none = JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk });
    const hmac = new SignJWT({ jti: randomUUID(), htm: 'POST', htu: 'urn:simplebank:signIn' })
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
      .setIssuedAt(bank.clock.now());
    const proofs = [
      `${Buffer.from(none).toString('base64url')}.${good[1]}.`,
      await hmac.sign(new TextEncoder().encode(String(jwk.x).padEnd(32, 'x'))),
      await device.proof({ jwk: await device.privateKey() }),
      `${good[0]}.${good[1]}.${'A'.repeat(86)}`,
      '',
      'a.b.c',
    ];
    for (const deviceProof of proofs) {
      const refusal = { code: 'DEVICE_PROOF_INVALID' };
      expect(await signInAnswer(bank, { email, deviceProof })).toEqual(refusal);
    }
  });

  test('takes a proof once: a captured sign-in opens no second session', async () => {
    const email = await aPerson();
    const deviceProof = await aDevice().proof();
    const answers = await Promise.all([
      signInAnswer(bank, { email, deviceProof }),
      signInAnswer(bank, { email, deviceProof }),
    ]);
    const codes = answers.map(({ tokens, code }) => (tokens ? 'DONE' : code));
    expect(codes.toSorted()).toEqual(['DEVICE_PROOF_INVALID', 'DONE']);
  });

  test('says nothing of a password before a key is shown, and counts no attempt', async () => {
    const email = await aPerson();
    for (let attempt = 0; attempt < 11; attempt++) {
      expect(await signInAnswer(bank, { email })).toEqual({ code: 'DEVICE_PROOF_REQUIRED' });
    }
    expect((await signInAnswer(bank, { email }, anonymous('web'))).tokens).toBeDefined();
  });
});

test('a browser that shows a key is held to it; without one all is as before', async () => {
  const email = await aPerson();
  const device = aDevice();
  const web = anonymous('web');
  const bound = await signInWith(bank, { email, deviceProof: await device.proof() }, web);
  const free = await signInWith(bank, { email }, web);
  const text = `mutation ($input: RefreshInput!) { refresh(input: $input) {
    __typename ... on RefreshRefusal { code } } }`;
  const refresh = async (refreshToken: string) =>
    (await bank.as(web)(text, { input: { refreshToken } })).data?.['refresh'];
  expect(await refresh(free.refreshToken)).toEqual({ __typename: 'RefreshSuccess' });
  expect(await refresh(bound.refreshToken)).toMatchObject({ code: 'DEVICE_PROOF_REQUIRED' });
});

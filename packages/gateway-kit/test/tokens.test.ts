import { base64url, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';
import { audience, issuer } from './token-mint.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.close());

const query = '{ accounts { id } }';
const refusal = {
  errors: [
    {
      message: 'The access token is not valid or has expired.',
      extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
    },
  ],
};

async function expectRefused(token: string) {
  const callsBefore = bank.accounts.calls.length;
  const { status, body, headers } = await bank.query(query, { token });
  expect(body).toEqual(refusal);
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toBe('Bearer');
  expect(bank.accounts.calls).toHaveLength(callsBefore);
}

test.each(['es', 'ed'])(
  'a token signed with the %s key names the viewer to the subgraph',
  async (kid) => {
    const { body } = await bank.query(query, { token: await bank.mint.token('c1', { kid }) });
    expect(body).toEqual({ data: { accounts: [{ id: 'a1' }, { id: 'a2' }] } });
    expect(bank.accounts.calls.at(-1)?.viewer).toEqual({
      kind: 'principal',
      customerId: 'c1',
      roles: ['support'],
      channel: 'federation',
      sessionId: 's1',
    });
  },
);

test('no token is the anonymous viewer, whom the subgraph refuses what is not public', async () => {
  const { status, body } = await bank.query(query);
  expect(bank.accounts.calls.at(-1)?.viewer).toEqual({ kind: 'anonymous', channel: 'federation' });
  expect(body).toEqual({
    data: { accounts: null },
    errors: [
      {
        message: 'Please sign in.',
        path: ['accounts'],
        extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
      },
    ],
  });
  expect(status).toBe(200);
});

test('an expired token is refused, one within 5 seconds of its end is not', async () => {
  await expectRefused(await bank.mint.token('c1', { expiresIn: -10 }));
  const { status } = await bank.query(query, {
    token: await bank.mint.token('c1', { expiresIn: -2 }),
  });
  expect(status).toBe(200);
});

test('a token without an end is refused', async () => {
  await expectRefused(await bank.mint.token('c1', { expiresIn: null }));
});

test('a token that begins later than clocks may be apart is refused', async () => {
  await expectRefused(await bank.mint.token('c1', { notBefore: 260, expiresIn: 900 }));
  const token = await bank.mint.token('c1', { notBefore: 220, expiresIn: 900 });
  expect((await bank.query(query, { token })).status).toBe(200);
});

test.each(['simplebank-web', 'simplebank-mobile', 'accounts'])(
  'a token for %s is refused',
  async (other) => {
    await expectRefused(await bank.mint.token('c1', { audience: other }));
  },
);

test('a token of another issuer is refused', async () => {
  await expectRefused(await bank.mint.token('c1', { issuer: 'https://elsewhere.test' }));
});

test('a token whose payload was changed is refused', async () => {
  const [header, , signature] = (await bank.mint.token('c1')).split('.');
  const claims = { sub: 'c2', roles: ['operations'], iss: issuer, aud: audience, exp: 9e9 };
  const payload = base64url.encode(JSON.stringify(claims));
  await expectRefused(`${header}.${payload}.${signature}`);
});

test('a token without a signature is refused', async () => {
  const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }));
  const claims = { sub: 'c1', roles: ['support'], iss: issuer, aud: audience, exp: 9e9 };
  await expectRefused(`${header}.${base64url.encode(JSON.stringify(claims))}.`);
});

test('a token signed with the public key as a shared secret is refused', async () => {
  const { keys } = await bank.mint.publicKeys();
  const secret = new TextEncoder().encode(JSON.stringify(keys[0]));
  const forged = await new SignJWT({ roles: ['operations'] })
    .setProtectedHeader({ alg: 'HS256', kid: 'es', typ: 'at+jwt' })
    .setSubject('c1')
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .sign(secret);
  await expectRefused(forged);
});

test('a token of a key that the bank does not know is refused', async () => {
  const other = await openBank();
  try {
    await other.mint.add('stranger', 'ES256');
    await expectRefused(await other.mint.token('c1', { kid: 'stranger' }));
    await expectRefused(await other.mint.token('c1'));
  } finally {
    await other.close();
  }
});

test('a token that does not name its key is refused, though a known key signed it', async () => {
  await expectRefused(await bank.mint.token('c1', { namesKey: false }));
});

test('what accounts signed for another purpose is no access token', async () => {
  await expectRefused(await bank.mint.token('c1', { typ: 'refresh+jwt' }));
});

test('a token without a subject or roles is refused', async () => {
  await expectRefused(await bank.mint.token('', {}));
  await expectRefused(await bank.mint.token('c1', { claims: { roles: 'operations' } }));
});

test.each(['Basic YWxpY2U6c2VjcmV0', 'Bearer', 'Bearer a.b', 'Bearer x y z'])(
  'the authorization %s is refused',
  async (authorization) => {
    const { status, body } = await bank.query(query, { headers: { authorization } });
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(status).toBe(401);
  },
);

test('roles that nobody knows are not passed on', async () => {
  const token = await bank.mint.token('c1', { claims: { roles: ['support', 'root'] } });
  await bank.query(query, { token });
  expect(bank.accounts.calls.at(-1)?.viewer).toMatchObject({ roles: ['support'] });
});

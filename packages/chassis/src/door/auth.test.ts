import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../process/config.ts';
import {
  type AssertionVerifier,
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
  type Principal,
  requirePrincipal,
  requireRole,
  type Viewer,
} from './auth.ts';

const start = new Date('2026-01-30T14:30:00.000Z');
const alice: Principal = {
  kind: 'principal',
  customerId: '11111111-0000-4000-8000-000000000001',
  roles: ['customer'],
  channel: 'web',
  sessionId: 's-1',
};
const stranger: Viewer = { kind: 'anonymous', channel: 'mobile' };

const clock = {
  at: start,
  now: () => clock.at,
  after: (seconds: number) => {
    clock.at = new Date(start.getTime() + seconds * 1000);
  },
};
let keys: Awaited<ReturnType<typeof generateAssertionKeys>>;
let verifier: AssertionVerifier;

beforeAll(async () => {
  keys = await generateAssertionKeys();
  verifier = createAssertionVerifier({ publicKeys: keys.publicKeys, audience: 'orders', clock });
});

const signer = () => {
  clock.after(0);
  return createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web', clock });
};
const unauthenticated = expect.objectContaining({ code: 'UNAUTHENTICATED' });

/** A token that is right but for what the test changes. */
async function forged(change: {
  header?: object;
  claims?: object;
  key?: CryptoKey;
}): Promise<string> {
  clock.after(0);
  const { importJWK } = await import('jose');
  const seconds = start.getTime() / 1000;
  const claims = {
    iss: 'web',
    aud: 'orders',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 60,
    sub: alice.customerId,
    roles: ['customer'],
    channel: 'web',
    sid: null,
    ...change.claims,
  };
  const kid = keys.privateKey.kid ?? '';
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'assertion+jwt', kid, ...change.header })
    .sign(change.key ?? (await importJWK(keys.privateKey, 'EdDSA')));
}

test('what a gateway signs is what the subgraph reads, signed in or not', async () => {
  const gateway = signer();
  expect(await verifier.verify(await gateway.sign(alice, 'orders'))).toEqual(alice);
  expect(await verifier.verify(await gateway.sign(stranger, 'orders'))).toEqual(stranger);
  expect(await verifier.verify(await forged({}))).toEqual({ ...alice, sessionId: null });
});

test('an assertion is signed with EdDSA for 60 s', async () => {
  const token = await signer().sign(alice, 'orders');
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys.publicKeys), {
    currentDate: start,
  });
  expect(protectedHeader.alg).toBe('EdDSA');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
});

test('an assertion is made once per principal and audience, and anew before it ends', async () => {
  const gateway = signer();
  const first = await gateway.sign(alice, 'orders');
  expect(await gateway.sign({ ...alice }, 'orders')).toBe(first);
  expect(await gateway.sign(alice, 'accounts')).not.toBe(first);
  expect(await gateway.sign({ ...alice, roles: ['support'] }, 'orders')).not.toBe(first);
  clock.after(44);
  expect(await gateway.sign(alice, 'orders')).toBe(first);
  clock.after(45);
  expect(await gateway.sign(alice, 'orders')).not.toBe(first);
});

test('an assertion for another subgraph is refused', async () => {
  const token = await signer().sign(alice, 'accounts');
  await expect(verifier.verify(token)).rejects.toEqual(unauthenticated);
});

test('an assertion accepted before still ends after 60 s and four minutes for clocks', async () => {
  const token = await signer().sign(alice, 'orders');
  clock.after(60 + 239);
  expect(await verifier.verify(token)).toEqual(alice);
  clock.after(60 + 241);
  await expect(verifier.verify(token)).rejects.toEqual(unauthenticated);
});

test('an assertion from further in the future than clocks may be apart is refused', async () => {
  const ahead = start.getTime() / 1000 + 241;
  const token = await forged({ claims: { nbf: ahead, iat: ahead, exp: ahead + 60 } });
  await expect(verifier.verify(token)).rejects.toEqual(unauthenticated);
});

test.each([
  ['without an end', { exp: undefined }],
  ['without a beginning', { nbf: undefined }],
  ['that lives longer than 60 s', { iat: start.getTime() / 1000 - 600 }],
  ['of a foreign issuer', { iss: 'elsewhere' }],
  ['without an audience', { aud: undefined }],
  ['with an invented role', { roles: ['owner'] }],
  ['without a channel', { channel: undefined }],
])('an assertion %s is refused', async (_, claims) => {
  await expect(verifier.verify(await forged({ claims }))).rejects.toEqual(unauthenticated);
});

test('a forged signature, another algorithm, another type or no token is refused', async () => {
  const other = await generateKeyPair('EdDSA');
  const ec = await generateKeyPair('ES256');
  const good = await forged({});
  const [header = '', claims = '', signature = ''] = good.split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'assertion+jwt' }));
  const { x = '' } = await exportJWK(other.publicKey);
  const hmac = await new SignJWT({ aud: 'orders' })
    .setProtectedHeader({ alg: 'HS256', typ: 'assertion+jwt', kid: keys.privateKey.kid ?? '' })
    .sign(new TextEncoder().encode(x.padEnd(32, 'x')));
  const broken = [
    await forged({ key: other.privateKey }),
    await forged({ header: { alg: 'ES256' }, key: ec.privateKey }),
    await forged({ header: { typ: 'JWT' } }),
    await forged({ header: { kid: 'unknown' } }),
    `${header}.${claims.slice(0, -2)}AA.${signature}`,
    `${none.toString('base64url')}.${claims}.`,
    hmac,
    'not-a-token',
    '',
    undefined,
  ];
  for (const token of broken) await expect(verifier.verify(token)).rejects.toEqual(unauthenticated);
});

test('a key of another kind among the public keys opens nothing', async () => {
  const ec = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(ec.publicKey)), kid: 'ec' };
  const door = createAssertionVerifier({
    publicKeys: { keys: [...keys.publicKeys.keys, jwk] },
    audience: 'orders',
    clock,
  });
  const token = await forged({ header: { alg: 'ES256', kid: 'ec' }, key: ec.privateKey });
  await expect(door.verify(token)).rejects.toEqual(unauthenticated);
});

test('keys may be given as JSON text, as the environment holds them', async () => {
  const gateway = createAssertionSigner({
    privateKey: JSON.stringify(keys.privateKey),
    issuer: 'federation',
    clock,
  });
  const door = createAssertionVerifier({
    publicKeys: JSON.stringify(keys.publicKeys),
    audience: 'assets',
    clock,
  });
  expect(await door.verify(await gateway.sign(alice, 'assets'))).toEqual(alice);
});

test('keys that cannot be used are a fault of the configuration, told without their value', () => {
  const publicOnly = { ...keys.privateKey };
  delete publicOnly.d;
  for (const privateKey of [publicOnly, '{"kty":"oct","k":"s3cret"}', 's3cret']) {
    expect(() => createAssertionSigner({ privateKey, issuer: 'web' })).toThrow(
      new ConfigError(['ASSERTION_PRIVATE_KEY: expected an Ed25519 private key as a JWK']),
    );
  }
  for (const publicKeys of ['{"keys":[]}', '{}', 's3cret']) {
    expect(() => createAssertionVerifier({ publicKeys, audience: 'orders' })).toThrow(
      new ConfigError(['ASSERTION_PUBLIC_KEYS: expected a JWKS with at least one public key']),
    );
  }
});

test('who is not signed in is UNAUTHENTICATED, who lacks the role is FORBIDDEN', () => {
  expect(requirePrincipal(alice)).toBe(alice);
  expect(() => requirePrincipal(stranger)).toThrow(unauthenticated);
  expect(() => requireRole(stranger, 'support')).toThrow(unauthenticated);
  expect(() => requireRole(alice, 'support', 'operations')).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN' }),
  );
  expect(requireRole(alice, 'support', 'customer')).toBe(alice);
});

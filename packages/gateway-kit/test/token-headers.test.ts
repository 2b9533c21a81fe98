import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';
import { audience, issuer } from './token-mint.ts';

/** A thief with keys of their own, who serves them to whoever asks. */
type Thief = {
  readonly keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
  readonly url: string;
  readonly asked: string[];
  readonly server: Server;
};

let bank: Bank;
let thief: Thief;
beforeAll(async () => {
  [bank, thief] = await Promise.all([openBank(), openThief()]);
});
afterAll(async () => {
  thief?.server.close();
  await bank?.close();
});

async function openThief(): Promise<Thief> {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const served = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'thief', alg: 'ES256' }] };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(served));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { keys, url: `http://127.0.0.1:${port}/keys`, asked, server };
}

type Header = Readonly<Record<string, unknown>>;

/** Right in every claim, signed by the thief, with a header that says where the key would be. */
async function forged(header: Header): Promise<string> {
  return new SignJWT({ roles: ['operations'], sid: 's1' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'es', ...header })
    .setSubject('c1')
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(thief.keys.privateKey);
}

async function expectRefused(token: string): Promise<void> {
  const calls = bank.accounts.calls.length;
  const { status, body } = await bank.query('{ mine { id } }', { token });
  expect([status, body.data, body.errors[0].extensions.code]).toEqual([
    401,
    undefined,
    'UNAUTHENTICATED',
  ]);
  expect(bank.accounts.calls).toHaveLength(calls);
}

test('a token that brings its own key is refused', async () => {
  const jwk = await exportJWK(thief.keys.publicKey);
  await expectRefused(await forged({ jwk }));
  await expectRefused(await forged({ jwk, kid: undefined }));
});

test.each(['jku', 'x5u'])(
  'a token that says by %s where its key is, is refused and nobody asks there',
  async (name) => {
    await expectRefused(await forged({ [name]: thief.url }));
    await expectRefused(await forged({ [name]: thief.url, kid: 'thief' }));
    expect(thief.asked).toEqual([]);
  },
);

test.each(['es', 'ed'])(
  'a token of %s with a header that must be understood is refused',
  async (kid) => {
    const token = await bank.mint.token('c1', { kid });
    const [header = '', payload, signature] = token.split('.');
    const read = JSON.parse(Buffer.from(header, 'base64url').toString());
    const changed = { ...read, crit: ['b64'], b64: false };
    const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
    await expectRefused(`${encoded}.${payload}.${signature}`);
  },
);

test('a kid that leads out of the key set finds no key', async () => {
  for (const kid of ['../../etc/passwd', "' OR 1=1 --", '__proto__', 'x'.repeat(2_000)]) {
    await expectRefused(await forged({ kid }));
  }
});

test.each([
  ['as refresh tokens look', 'c2Vzc2lvbi1zZWNyZXQtb2YtYS1yZWZyZXNoLXRva2Vu'],
  ['an assertion between services', 'assertion+jwt'],
  ['an identity token', 'JWT'],
  ['without a type', ''],
])('what is no access token opens nothing: %s', async (_, typ) => {
  if (typ.includes('+') || typ === 'JWT' || typ === '') {
    return expectRefused(await bank.mint.token('c1', { typ }));
  }
  const { status } = await bank.query('{ mine { id } }', { token: typ });
  expect(status).toBe(401);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type Keys = { readonly url: string; readonly token: string; readonly close: () => void };

/** Plays accounts for the gateway under test: public keys, ended sessions, and one token. */
export async function openKeys(): Promise<Keys> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256' };
  const server = createServer((request, response) => {
    const isKeys = request.url === '/.well-known/jwks.json';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { sessions: [] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const token = await new SignJWT({ roles: ['support'], sid: 'bench-session' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
    .setSubject('bench-caller')
    .setIssuer('bench')
    .setAudience('bench')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

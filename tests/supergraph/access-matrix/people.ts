import { randomUUID } from 'node:crypto';
import {
  assertionHeader,
  createAssertionSigner,
  type Role,
  type Viewer,
} from '@simplebank/chassis/auth';
import { importJWK, SignJWT } from 'jose';
import type { WholeBank } from '../../e2e/whole-bank.ts';
import type { Asker } from './matrix.ts';
import type { People } from './world.ts';

/** How each asker reaches the gateway of their kind, and proves who they are behind it. */
export type Credentials = {
  readonly gateway: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly assertionFor: (subgraph: string) => Promise<Readonly<Record<string, string>>>;
};

const lifetime = '10m';
const rolesOf: Readonly<Record<Asker, readonly Role[]>> = {
  anonymous: [],
  customer: ['customer'],
  otherCustomer: ['customer'],
  support: ['support'],
  operations: ['operations'],
  service: ['service'],
};

/** Whom the bank knows by which id; a service is nobody's customer. */
function idFor(asker: Asker, { customer, otherCustomer, staff }: People): string {
  if (asker === 'customer') return customer;
  if (asker === 'otherCustomer') return otherCustomer;
  return asker === 'support' || asker === 'operations' ? staff : randomUUID();
}

/** Everybody of the matrix, with a token for their gateway and an assertion for each subgraph. */
export async function credentialsIn(
  { env, urls }: Pick<WholeBank, 'env' | 'urls'>,
  known: People,
): Promise<Readonly<Record<Asker, Credentials>>> {
  const privateKey = env['ASSERTION_PRIVATE_KEY'] ?? '';
  const of = async (asker: Asker): Promise<Credentials> => {
    const isStaff = ['support', 'operations', 'service'].includes(asker);
    const channel = isStaff ? 'federation' : 'web';
    const id = idFor(asker, known);
    const roles = rolesOf[asker];
    const viewer: Viewer =
      asker === 'anonymous'
        ? { kind: 'anonymous', channel }
        : { kind: 'principal', customerId: id, roles, channel, sessionId: randomUUID() };
    const signer = createAssertionSigner({ privateKey, issuer: channel });
    return {
      gateway: `${urls[channel]}/graphql`,
      headers: viewer.kind === 'anonymous' ? {} : await tokenOf(env, viewer),
      assertionFor: async (subgraph) => ({
        [assertionHeader]: await signer.sign(viewer, subgraph),
      }),
    };
  };
  const all = (Object.keys(rolesOf) as Asker[]).map(async (asker) => [asker, await of(asker)]);
  return Object.fromEntries(await Promise.all(all));
}

type Principal = Extract<Viewer, { kind: 'principal' }>;

/** An access token as accounts gives it. */
export async function tokenOf(
  env: WholeBank['env'],
  { customerId, roles, channel, sessionId }: Principal,
) {
  const jwk = JSON.parse(env['ACCOUNTS_TOKEN_PRIVATE_KEY'] ?? '');
  const token = await new SignJWT({ roles, sid: sessionId })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' })
    .setIssuer('simplebank-accounts')
    .setAudience(`simplebank-${channel}`)
    .setSubject(customerId)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(await importJWK(jwk, 'ES256'));
  return { authorization: `Bearer ${token}` };
}

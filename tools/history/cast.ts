import type { Viewer } from '@simplebank/chassis/auth';
import { demoPassword, type Person, staff } from '../seed/people.ts';
import type { Past } from './past.ts';
import { texts } from './texts.ts';

/** Who acts in the past, as the contexts know them. */
export type Cast = {
  readonly staff: Viewer;
  /** By the account's name. */
  readonly owners: ReadonlyMap<string, { readonly viewer: Viewer; readonly accountId: string }>;
};

/** Customers' ids by email, as accounts tells them. */
export type Registered = ReadonlyMap<string, string>;

const service: Viewer = {
  ...{ kind: 'principal', customerId: '00000000-0000-4000-8000-000000000001' },
  ...{ roles: ['service'], channel: 'service', sessionId: null },
};
const stranger: Viewer = { kind: 'anonymous', channel: 'web' };
const customer = (customerId: string): Viewer => ({
  ...{ kind: 'principal', customerId, roles: ['customer'], channel: 'web', sessionId: null },
});

export async function hireStaff(past: Past): Promise<Viewer> {
  const hired = await past.ask<{ staff: { id: string } }>({
    ...{ context: 'accounts', viewer: service, text: texts.registerStaff },
    input: {
      ...{ ...staff, password: demoPassword, roles: ['OPERATIONS', 'SUPPORT'] },
      ...{ reason: 'first member of staff of the demo bank', idempotencyKey: 'demo-staff' },
    },
  });
  return {
    ...{ kind: 'principal', customerId: hired.staff.id, roles: ['operations', 'support'] },
    ...{ channel: 'federation', sessionId: null },
  };
}

/** A person who does not exist; the provider's simulator decides by the name. */
const somebody = {
  ...{ dateOfBirth: '1990-05-17', country: 'US', identityNumber: '000-00-0000' },
  address: { street: '1 Example Street', city: 'Springfield', region: 'IL', postalCode: '62701' },
};
const verifyMs = 60_000;

/** Signs a person up, has the bank verify them, and opens their accounts; answers those by name. */
export async function joinBank(
  past: Past,
  person: Person,
  registered: Registered,
): Promise<Cast['owners']> {
  const input = { email: person.email, password: demoPassword, name: person.name };
  await past.ask({ context: 'accounts', viewer: stranger, text: texts.signUp, input });
  await past.pump();
  const viewer = customer(registered.get(person.email) ?? '');
  const opened = await openAccounts(past, viewer, person);
  await past.run('accounts', 'advance-verifications');
  past.clock.advance(verifyMs);
  await past.run('accounts', 'advance-verifications');
  await past.pump();
  return new Map(opened.map(([name, accountId]) => [name, { viewer, accountId }]));
}

async function openAccounts(past: Past, viewer: Viewer, { name, accounts }: Person) {
  const say = <T>(text: string, input: Readonly<Record<string, unknown>>) =>
    past.ask<T>({ context: 'accounts', viewer, text, input });
  const profile = { ...somebody, legalName: name, idempotencyKey: 'profile' };
  await say(texts.submitProfile, profile);
  const opened: [name: string, accountId: string][] = [];
  for (const account of accounts) {
    const input = { name: account.name, idempotencyKey: `demo-${account.name}` };
    const { account: made } = await say<{ account: { id: string } }>(texts.openAccount, input);
    const submission = { accountId: made.id, idempotencyKey: `submit-${made.id}` };
    await say(texts.submitAccount, submission);
    opened.push([account.name, made.id]);
  }
  return opened;
}

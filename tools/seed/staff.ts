import { assertionHeader, createAssertionSigner } from '@simplebank/chassis/auth';
import type { JWK } from 'jose';
import type { BankClient } from '../bank/client.ts';
import { signIn, succeeded } from '../bank/customer.ts';
import { demoPassword, staff } from './people.ts';

const text = `mutation RegisterStaff($input: RegisterStaffInput!) { registerStaff(input: $input) {
  __typename ... on RegisterStaffRefusal { code message } } }`;

const seeder = {
  kind: 'principal',
  customerId: '00000000-0000-4000-8000-000000000001',
  roles: ['service'],
  channel: 'service',
  sessionId: null,
} as const;

/** Nobody can sign up as staff: a service that holds the gateways' key makes the first one. */
export async function registerStaff(accounts: BankClient, privateKey: JWK): Promise<void> {
  const signer = createAssertionSigner({ privateKey, issuer: 'service' });
  const door = accounts.as({ [assertionHeader]: await signer.sign(seeder, 'accounts') });
  const input = {
    ...staff,
    password: demoPassword,
    roles: ['OPERATIONS', 'SUPPORT'],
    reason: 'first member of staff of the demo bank',
    idempotencyKey: 'demo-staff',
  };
  type Answer = { readonly __typename: string };
  const answer = await door.ask<{ registerStaff: Answer }>(text, { input });
  succeeded(answer.registerStaff, 'registering staff');
}

export const signInStaff = (federation: BankClient): Promise<BankClient> =>
  signIn(federation, { email: staff.email, password: demoPassword });

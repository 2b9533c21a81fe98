import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { goodPassword, resultOf } from './builders.ts';
import { anonymous, type Bank, operations, principal, startBank } from './support/bank.ts';
import { createDevice, type Device, signInWith } from './support/device.ts';
import { type RefusalCases, testRefusals } from './support/refusals.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const viewer = anonymous();
const someEmail = () => `${randomUUID()}@example.com`;

async function aSignedUp(): Promise<{ readonly email: string; readonly id: string }> {
  const email = someEmail();
  const input = { email, password: goodPassword, name: 'Alice' };
  const text = `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`;
  await bank.as(viewer)(text, { input });
  const { id } = await bank.deps.db.identity.findUniqueOrThrow({ where: { email } });
  return { email, id };
}

async function aRefreshToken(): Promise<string> {
  const { email } = await aSignedUp();
  const text = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { refreshToken } } } }`;
  const answer = await bank.as(viewer)(text, { input: { email, password: goodPassword } });
  const signedIn = resultOf<{ tokens: { refreshToken: string } }>(answer, 'signIn');
  return signedIn.tokens.refreshToken;
}

const refreshText = `mutation ($input: RefreshInput!) { refresh(input: $input) { __typename } }`;
const wrong = { email: someEmail(), password: 'Wrong-Horse-9-Battery' };
const signInText = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }`;

const staff = (change: object) => ({
  ...{ email: someEmail(), password: goodPassword, name: 'Sam', roles: ['SUPPORT'] },
  ...{ reason: 'new colleague', idempotencyKey: randomUUID(), ...change },
});

async function registerStaff(input: object): Promise<void> {
  const text = `mutation ($input: RegisterStaffInput!) {
    registerStaff(input: $input) { ... on RegisterStaffSuccess { staff { id } } } }`;
  resultOf<{ staff: { id: string } }>(await bank.as(operations)(text, { input }), 'registerStaff');
}

const newPassword = 'Better-Horse-8-Stable';
const changeText = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { __typename } }`;

const phone = anonymous('mobile');
const aDevice = () => createDevice(() => bank.clock.now());
/** The session ends, which is written down and told. */
const stolen = ['audit', 'outbox_event', 'session'];

async function signInOn(device: Device) {
  const { email } = await aSignedUp();
  return signInWith(bank, { email, deviceProof: await device.proof() });
}

const cases: RefusalCases = {
  'changePassword.INVALID_CREDENTIALS': async () => ({
    viewer: principal((await aSignedUp()).id),
    input: { oldPassword: wrong.password, newPassword },
    changes: ['sign_in_attempt'],
  }),
  'changePassword.TOO_MANY_ATTEMPTS': async () => {
    const owner = principal((await aSignedUp()).id);
    const guess = { oldPassword: wrong.password, newPassword };
    for (let attempt = 0; attempt < 10; attempt++) {
      await bank.as(owner)(changeText, { input: guess });
    }
    return { viewer: owner, input: { oldPassword: goodPassword, newPassword } };
  },
  'changePassword.PASSWORD_TOO_WEAK': async () => ({
    viewer: principal((await aSignedUp()).id),
    input: { oldPassword: goodPassword, newPassword: 'password1234' },
  }),
  'changePassword.IDEMPOTENCY_KEY_REUSED': async () => {
    const owner = principal((await aSignedUp()).id);
    const first = { oldPassword: goodPassword, newPassword, idempotencyKey: 'change' };
    await bank.as(owner)(changeText, { input: first });
    const input = { ...first, newPassword: 'Another-Horse-7-Barn' };
    return { viewer: owner, input, changes: ['sign_in_attempt'] };
  },
  'signUp.PASSWORD_TOO_WEAK': async () => ({
    viewer,
    input: { email: someEmail(), password: 'password1234', name: 'Alice' },
  }),
  'signIn.INVALID_CREDENTIALS': async () => ({
    viewer,
    input: { ...wrong, email: (await aSignedUp()).email },
    changes: ['sign_in_attempt'],
  }),
  'signIn.TOO_MANY_ATTEMPTS': async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      await bank.as(viewer)(signInText, { input: wrong });
    }
    return { viewer, input: wrong };
  },
  'refresh.TOKEN_EXPIRED': async () => ({ viewer, input: { refreshToken: 'never given' } }),
  'refresh.TOKEN_REUSED': async () => {
    const input = { refreshToken: await aRefreshToken() };
    await bank.as(viewer)(refreshText, { input });
    bank.clock.advance(5_000);
    return { viewer, input, changes: stolen };
  },
  'refresh.TOKEN_JUST_USED': async () => {
    const input = { refreshToken: await aRefreshToken() };
    await bank.as(viewer)(refreshText, { input });
    return { viewer, input };
  },
  'refresh.DEVICE_PROOF_REQUIRED': async () => {
    const { refreshToken } = await signInOn(aDevice());
    return { viewer: phone, input: { refreshToken }, changes: stolen };
  },
  'refresh.DEVICE_PROOF_INVALID': async () => {
    const { refreshToken } = await signInOn(aDevice());
    const deviceProof = await aDevice().proof({ refreshToken });
    return { viewer: phone, input: { refreshToken, deviceProof }, changes: stolen };
  },
  'signIn.DEVICE_PROOF_REQUIRED': async () => ({
    viewer: phone,
    input: { email: (await aSignedUp()).email, password: goodPassword },
  }),
  'signIn.DEVICE_PROOF_INVALID': async () => ({
    viewer: phone,
    input: { email: (await aSignedUp()).email, password: goodPassword, deviceProof: 'none' },
  }),
  'registerStaff.PASSWORD_TOO_WEAK': async () => ({
    viewer: operations,
    input: staff({ password: 'password1234' }),
  }),
  'registerStaff.EMAIL_TAKEN': async () => ({
    viewer: operations,
    input: staff({ email: (await aSignedUp()).email }),
  }),
  'registerStaff.IDEMPOTENCY_KEY_REUSED': async () => {
    const first = staff({});
    await registerStaff(first);
    return { viewer: operations, input: { ...first, name: 'Somebody else' } };
  },
};

testRefusals('schema/identity.graphql', () => bank, cases);

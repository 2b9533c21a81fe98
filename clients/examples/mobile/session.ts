import { RefreshDocument, SignInDocument } from '../generated/mobile/graphql.ts';
import { askById } from '../graphql-client.ts';
import type { Device } from './device.ts';

export type Session = { readonly accessToken: string; readonly refreshToken: string };
type Door = { readonly url: string; readonly device: Device };
type Credentials = { readonly email: string; readonly password: string };

/** Signs in on this device alone: no other can go on. Throws with the bank's words. */
export async function signIn({ url, device }: Door, credentials: Credentials): Promise<Session> {
  const input = { ...credentials, deviceProof: await device.proveSignIn() };
  const { data, errors } = await askById({ url }, SignInDocument, { input });
  if (data?.signIn.__typename === 'SignInSuccess') return data.signIn.tokens;
  throw new Error(data?.signIn.message ?? errors[0]?.message ?? 'The bank did not answer.');
}

/** Trades the refresh token, which is good once, for new tokens. Throws with the bank's words. */
export async function refresh({ url, device }: Door, refreshToken: string): Promise<Session> {
  const deviceProof = await device.proveRefresh(refreshToken);
  const { data, errors } = await askById({ url }, RefreshDocument, {
    input: { refreshToken, deviceProof },
  });
  if (data?.refresh.__typename === 'RefreshSuccess') return data.refresh.tokens;
  throw new Error(data?.refresh.message ?? errors[0]?.message ?? 'The bank did not answer.');
}

import { newDevice } from '../../../clients/examples/mobile/device.ts';
import { signIn } from '../../../clients/examples/mobile/session.ts';
import type { Credentials } from '../../../tools/bank/customer.ts';

/** Signs in as the phone application does; answers the headers of its further requests. */
export async function signInOnPhone(url: string, credentials: Credentials) {
  const { accessToken } = await signIn({ url, device: await newDevice() }, credentials);
  return { authorization: `Bearer ${accessToken}` };
}

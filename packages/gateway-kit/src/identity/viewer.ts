import type { Channel, Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { createTokenVerifier } from './tokens.ts';

type TokenVerifier = ReturnType<typeof createTokenVerifier>;

const bearer = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;

/**
 * Who asks, by the `authorization` header. None is the anonymous viewer, who sees public fields.
 * Throws PublicError UNAUTHENTICATED for anything but a valid bearer token.
 */
export async function viewerOf(
  authorization: string | undefined,
  { tokens, channel }: { readonly tokens: TokenVerifier; readonly channel: Channel },
): Promise<Viewer> {
  if (authorization === undefined) return { kind: 'anonymous', channel };
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) {
    throw new PublicError('UNAUTHENTICATED', 'Send the access token as "Bearer <token>".');
  }
  return tokens.verify(token);
}

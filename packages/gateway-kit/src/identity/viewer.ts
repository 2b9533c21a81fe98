import type { IncomingHttpHeaders } from 'node:http';
import type { Channel, Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { SessionCookies } from './cookies.ts';
import type { CsrfGuard } from './csrf.ts';
import type { createTokenVerifier } from './tokens.ts';

type TokenVerifier = ReturnType<typeof createTokenVerifier>;

/** How browsers hold a session at this gateway; other gateways know bearer tokens only. */
export type Browser = { readonly cookies: SessionCookies; readonly csrf: CsrfGuard };

type Sent = { readonly method: string; readonly headers: IncomingHttpHeaders };
type Doors = {
  readonly tokens: TokenVerifier;
  readonly channel: Channel;
  readonly browser: Browser | null;
};

const bearer = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;

/** The session lives on as long as its refresh token: a browser need not ask for the password. */
export class RefreshNeeded extends PublicError {
  constructor(cause: unknown) {
    const message = 'The access token is not valid or has expired: POST /session/refresh.';
    super('UNAUTHENTICATED', message, { cause });
  }
}

/**
 * Who asks. The header `authorization` wins and then no cookie is looked at; a cookie speaks for
 * a page of ours only. Neither is the anonymous viewer, who sees public fields.
 * Throws PublicError UNAUTHENTICATED for a token that is not valid, FORBIDDEN for a foreign page.
 */
export async function viewerOf(request: Sent, doors: Doors): Promise<Viewer> {
  const { tokens, channel, browser } = doors;
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) return tokens.verify(bearerIn(authorization));
  const access = browser?.cookies.read(cookie).access ?? null;
  if (browser === null || access === null) return { kind: 'anonymous', channel };
  browser.csrf.check(request);
  return tokens.verify(access).catch((error: unknown) => {
    throw error instanceof PublicError ? new RefreshNeeded(error) : error;
  });
}

function bearerIn(authorization: string): string {
  const token = bearer.exec(authorization)?.[1];
  if (token !== undefined) return token;
  throw new PublicError('UNAUTHENTICATED', 'Send the access token as "Bearer <token>".');
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Channel, Viewer } from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { createSessionCookies } from './cookies.ts';
import { createCsrfGuard } from './csrf.ts';
import { createTokenVerifier } from './tokens.ts';
import { type Browser, viewerOf } from './viewer.ts';

/** How a gateway that browsers use keeps their sessions. */
type BrowserOptions = {
  /** Origins besides the gateway's own whose pages may use a session. */
  readonly origins: readonly string[];
  /** False lets cookies travel over plain HTTP. */
  readonly secureCookies: boolean;
};

export type CallersOptions = {
  readonly channel: Channel;
  readonly tokens: {
    readonly jwksUrl: string;
    readonly revokedUrl: string;
    readonly issuer: string;
    readonly audience: string;
  };
  /** Without it only bearer tokens say who asks. */
  readonly browser?: BrowserOptions;
  /** Reached by TLS only. */
  readonly tls?: boolean;
  readonly clock: Clock;
  readonly log: Logger;
};

type Sent = { readonly method: string; readonly headers: IncomingHttpHeaders };
export type Callers = {
  readonly browser: Browser | null;
  /** Whoever the token of the header or the cookie names; see `viewerOf`. */
  readonly viewerOf: (request: Sent) => Promise<Viewer>;
  /** For the calls that begin, renew and end a session: nobody yet, but on a page of ours. */
  readonly visitorOf: (request: Sent) => Promise<Viewer>;
};

/** Step two of a request's way: who asks. */
export function createCallers(options: CallersOptions): Callers {
  const { channel, tokens, clock, log, tls = false } = options;
  const verifier = createTokenVerifier({ ...tokens, channel, clock, log });
  const browser = options.browser ? browserOf(options.browser, tls) : null;
  return {
    browser,
    viewerOf: (request) => viewerOf(request, { tokens: verifier, channel, browser }),
    async visitorOf(request) {
      browser?.csrf.check(request);
      return { kind: 'anonymous', channel };
    },
  };
}

const browserOf = ({ origins, secureCookies }: BrowserOptions, tls: boolean): Browser => ({
  cookies: createSessionCookies({ secure: secureCookies }),
  csrf: createCsrfGuard({ origins, tls }),
});

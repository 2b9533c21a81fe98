import type { IncomingHttpHeaders } from 'node:http';
import { PublicError } from '@simplebank/chassis/errors';

/** No form can send it, and a page of another origin only after a preflight that we refuse. */
export const csrfHeader = 'x-simplebank-csrf';

/** Methods that never change anything here: a mutation by GET is refused, whoever asks. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export type CsrfGuard = {
  /** For a request that a cookie speaks for. Throws PublicError FORBIDDEN. */
  readonly check: (request: Sent) => void;
};
type Sent = { readonly method: string; readonly headers: IncomingHttpHeaders };
type GuardOptions = {
  /** Besides the gateway's own, such as `https://app.example.com`. */
  readonly origins: readonly string[];
  /** Reached by TLS only: a page of the same host over plain HTTP is a foreign one. */
  readonly tls: boolean;
};

/**
 * A browser sends its cookies with whatever page asks, so a cookie proves nothing about who made
 * the request. Two proofs are wanted, and neither can be made by a page of another origin: the
 * header, and an origin of ours by what the browser says about the page.
 */
export function createCsrfGuard({ origins, tls }: GuardOptions): CsrfGuard {
  const known = new Set(origins);
  const schemes = tls ? ['https:'] : ['https:', 'http:'];

  function isOurs(origin: string, host: string | undefined): boolean {
    if (known.has(origin)) return true;
    if (host === undefined || !URL.canParse(origin)) return false;
    const page = new URL(origin);
    // Browsers spell an origin in one way; what only reads like ours is none.
    if (page.origin !== origin) return false;
    return page.host === host.toLowerCase() && schemes.includes(page.protocol);
  }

  /** The origin that the browser names decides; without one what it says about the page's site. */
  function comesFromUs(headers: IncomingHttpHeaders): boolean {
    const { origin, referer, host } = headers;
    if (origin !== undefined) return isOurs(origin, host);
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    return referer !== undefined && URL.canParse(referer) && isOurs(new URL(referer).origin, host);
  }

  return {
    check({ method, headers }) {
      // A WebSocket begins as a GET, carries mutations, and no page can give it a header.
      const isSocket = headers.upgrade?.toLowerCase() === 'websocket';
      if (!isSocket && safeMethods.has(method)) return;
      if (!comesFromUs(headers)) throw forbidden('Pages of another origin may not do this.');
      if (!isSocket && !headers[csrfHeader]) {
        throw forbidden(`Send the header ${csrfHeader}, too.`);
      }
    },
  };
}

const forbidden = (message: string) => new PublicError('FORBIDDEN', message);

import type { RestWorld } from './world.ts';

/** What a page of the gateway sends beside its cookies. */
const proofOf = (base: string) => ({ origin: base, 'x-simplebank-csrf': '1' });

/** A browser that calls the session's addresses, and keeps the cookies that it is given. */
export function openBrowser({ base, call }: Pick<RestWorld, 'base' | 'call'>) {
  let cookie = '';
  return {
    send: async (operation: string, { body, headers = {} }: Sent = {}) => {
      const [method = '', path = ''] = operation.split(' ');
      const sent = { ...proofOf(base), ...(cookie === '' ? {} : { cookie }), ...headers };
      const seen = await call({ method, path, who: 'nobody', body, headers: sent });
      return { operation, ...seen };
    },
    /** Takes the cookies of an answer as its own. */
    keep: ({ headers }: { readonly headers: Headers }) => {
      const given = headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
      cookie = [...new Set(given)].join('; ');
    },
  };
}
type Sent = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

import { setTimeout as pause } from 'node:timers/promises';

const requestTimeoutMs = 15_000;
/**
 * A part of the bank that does not answer is asked again: everything asked here bears a repeat.
 * As long as a gateway's circuit stays open after the part is back, and a little longer.
 */
const retryForMs = 35_000;
const retryPauseMs = 1_000;

/** The bank answered, and said no in a way that the caller did not expect. */
export class UnexpectedAnswer extends Error {}

type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
};

/** A GraphQL door of the bank and, once signed in, who asks. */
export type BankClient = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ask: <T>(query: string, variables?: object) => Promise<T>;
  readonly as: (headers: Readonly<Record<string, string>>) => BankClient;
};

type Asked = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

async function post({ url, headers }: Asked, body: string): Promise<Answer & { status: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  return { ...((await response.json()) as Answer), status: response.status };
}

async function answerTo(asked: Asked, body: string): Promise<Answer['data']> {
  const giveUpAt = performance.now() + retryForMs;
  for (;;) {
    const { status, data, errors = [] } = await post(asked, body);
    const [first] = errors;
    if (!first && data) return data;
    const code = String(first?.extensions?.['code'] ?? status);
    if (code !== 'SUBGRAPH_UNAVAILABLE' || performance.now() > giveUpAt) {
      throw new UnexpectedAnswer(`${asked.url} answered ${code}: ${first?.message ?? 'no data'}`);
    }
    await pause(retryPauseMs);
  }
}

/** Asks with a time-out; an error in the answer throws UnexpectedAnswer with its code and words. */
export function bankClient(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): BankClient {
  return {
    url,
    headers,
    ask: async <T>(query: string, variables: object = {}) =>
      (await answerTo({ url, headers }, JSON.stringify({ query, variables }))) as T,
    as: (more) => bankClient(url, { ...headers, ...more }),
  };
}

/** Polls until `probe` answers something; throws naming `what` when `withinMs` have passed. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | null>,
  { withinMs = 30_000, everyMs = 50 } = {},
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== null) return found;
    if (Date.now() > end) throw new UnexpectedAnswer(`${what} did not happen in ${withinMs} ms`);
    await pause(everyMs);
  }
}

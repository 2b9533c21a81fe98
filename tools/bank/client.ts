const requestTimeoutMs = 15_000;

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

/** Asks with a time-out; any error in the answer throws UnexpectedAnswer with its code and words. */
export function bankClient(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): BankClient {
  async function ask<T>(query: string, variables: object = {}): Promise<T> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const answer = (await response.json()) as Answer;
    const [first] = answer.errors ?? [];
    if (first || !answer.data) {
      const code = String(first?.extensions?.['code'] ?? response.status);
      throw new UnexpectedAnswer(`${url} answered ${code}: ${first?.message ?? 'no data'}`);
    }
    return answer.data as T;
  }
  return { url, headers, ask, as: (more) => bankClient(url, { ...headers, ...more }) };
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
    await new Promise((resume) => setTimeout(resume, everyMs));
  }
}

import type { Question } from './question.ts';

type Answer = {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly code?: string;
};

const letters: Readonly<Record<string, string>> = {
  NOT_FOUND: '0',
  FORBIDDEN: 'F',
  UNAUTHENTICATED: 'U',
  BAD_INPUT: 'B',
  GRAPHQL_VALIDATION_FAILED: 'H',
};

export type Door = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Asks through the network; the answer as one letter, or the code that has none. */
export async function outcomeOf({ url, headers }: Door, question: Question): Promise<string> {
  const { data, errors = [] } = await ask({ url, headers }, question);
  return letterOf(errors) ?? (isNothing(data?.[question.field]) ? 'N' : 'Y');
}

/** Null for an answer without an error. */
export function letterOf([first]: NonNullable<Answer['errors']>): string | null {
  if (!first) return null;
  const code = String(first.extensions?.['code']);
  return letters[code] ?? `${code}: ${first.message}`;
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value[0] === null);

export async function ask(
  { url, headers }: Door,
  { text, variables }: Pick<Question, 'text' | 'variables'>,
): Promise<Answer & { readonly status: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: text, variables }),
  });
  const body = (await response.json()) as Answer;
  return { ...body, status: response.status };
}

/** A few at a time: what a test asks is no attack on the limits of the gateway. */
export async function inTurns<In, Out>(
  items: readonly In[],
  act: (item: In) => Promise<Out>,
  lanesMax = 8,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await act(items[at] as In);
    }
  };
  await Promise.all(Array.from({ length: lanesMax }, lane));
  return results;
}

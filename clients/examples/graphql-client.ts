/**
 * An operation with the types of its answer and its variables, as the generated files hold it.
 * `toString()` is the text; `__meta__.hash` the id under which the bank knows a persisted one.
 */
export type Operation<Result, Variables> = {
  readonly __apiType?: ((variables: Variables) => Result) | undefined;
  readonly __meta__?: { readonly hash?: string } | undefined;
  toString(): string;
};

export type Gateway = {
  /** Where the graph is, such as `http://127.0.0.1:4001/graphql`. */
  readonly url: string;
  /** None for who signs in. */
  readonly accessToken?: string;
};

type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId: string };
};

/** What the bank answers: data may have holes, and each hole has its error. */
export type Answer<Result> = {
  readonly data: Result | null;
  readonly errors: readonly GraphqlError[];
};

const timeoutMs = 15_000;

/** Sends the text of an operation. */
export const ask = <Result, Variables>(
  gateway: Gateway,
  operation: Operation<Result, Variables>,
  variables: Variables,
): Promise<Answer<Result>> => post(gateway, { query: operation.toString(), variables });

/** Sends the id of an operation that was registered when the application was released. */
export const askById = <Result, Variables>(
  gateway: Gateway,
  operation: Operation<Result, Variables>,
  variables: Variables,
): Promise<Answer<Result>> => post(gateway, { id: idOf(operation), variables });

const idOf = ({ __meta__ }: Operation<unknown, never>): string | undefined => __meta__?.hash;

async function post<Result>(gateway: Gateway, body: object): Promise<Answer<Result>> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(gateway.accessToken ? { authorization: `Bearer ${gateway.accessToken}` } : {}),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { data = null, errors = [] } = (await response.json()) as Partial<Answer<Result>>;
  return { data, errors };
}

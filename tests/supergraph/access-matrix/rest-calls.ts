import type { RestRoute } from '@simplebank/gateway-kit/rest';
import type { Samples } from './question.ts';

/** What a REST parameter names, by the sample that it takes. */
const owned: Readonly<Record<string, string>> = {
  accountId: 'accountId',
  account: 'accountId',
  destinationAccountId: 'accountId',
  paymentId: 'paymentId',
  customerIds: 'customerId',
  orderId: 'strategyOrderId',
  uuid: 'customerId',
};

/** Everything else that a call takes, with a value that is good. */
const others: Readonly<Record<string, unknown>> = {
  id: 'strategyId',
  asset: 'AAPL',
  symbol: 'AAPL',
  symbols: 'AAPL',
  quantity: '1',
  amount: '10.00',
  size: '5',
  page: '1',
  side: 'BUY',
};
/** One of them is enough, or they are not needed. */
const left = ['assetId', 'after', 'name', 'assets', 'first'];

export type RestCall = {
  readonly name: string;
  readonly id: unknown;
  readonly request: (id: unknown) => {
    readonly path: string;
    readonly method: string;
    readonly body?: string;
  };
};

const keysOf = (shape: RestRoute['query']): readonly string[] => Object.keys(shape?.shape ?? {});

/** A call for each parameter that names what belongs to somebody. Throws for an unknown name. */
export function restCallsOf(routes: readonly RestRoute[], samples: Samples): readonly RestCall[] {
  return routes.flatMap((route) => {
    const { pathParameters, query, body } = route;
    const keys = [pathParameters, query, body].flatMap(keysOf);
    const strange = keys.filter((key) => !(key in owned || key in others || left.includes(key)));
    if (strange.length > 0) throw new Error(`${route.path} takes ${strange}, which no test knows`);
    return keys
      .filter((key) => key in owned)
      .map((key) => ({
        name: `${route.method} ${route.path} by ${key}`,
        id: samples[owned[key] ?? ''],
        request: (id: unknown) => requestOf(route, samples, { key, id }),
      }));
  });
}

type Named = { readonly key: string; readonly id: unknown };

function requestOf(route: RestRoute, samples: Samples, { key, id }: Named) {
  const { method, path, pathParameters, query, body } = route;
  const good = (name: string): unknown => {
    if (name === key) return id;
    if (name === 'id') return samples['strategyId'];
    return name in owned ? samples[owned[name] ?? ''] : others[name];
  };
  const filled = (shape: typeof query) =>
    Object.fromEntries(
      keysOf(shape)
        .filter((name) => good(name) !== undefined)
        .map((name) => [name, String(good(name))]),
    );
  const inPath = filled(pathParameters);
  const address = path.replace(/\{(\w+)\}/g, (_, name) => inPath[name] ?? '');
  const search = new URLSearchParams(filled(query)).toString();
  return {
    path: `/v1${address}${search ? `?${search}` : ''}`,
    method,
    ...(body ? { body: JSON.stringify(filled(body)) } : {}),
  };
}

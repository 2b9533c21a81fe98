import type { GatewayConfig } from '@apollo/gateway';

type Library = Parameters<NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>>[0];

export type QueryPlan = Library['queryPlan'];
export type PlanNode = Exclude<
  NonNullable<QueryPlan['node']>,
  { readonly kind: 'Subscription' } | { readonly kind: 'Defer' }
>;
export type FetchNode = Extract<PlanNode, { readonly kind: 'Fetch' }>;
export type Required = NonNullable<FetchNode['requires']>;

/** An object in the answer as it grows. */
export type Data = Record<string, unknown>;

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Data holds no functions: one is inherited, as under `constructor`, which is a name like any. */
export function ownIn(data: Data, name: string): unknown {
  const value = data[name];
  return typeof value === 'function' ? undefined : value;
}

/** What of a plan only the library runs: rare forms, which are not worth a second way. */
export class LeftToLibrary extends Error {}

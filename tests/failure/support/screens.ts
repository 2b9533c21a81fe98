/** A part of a screen for each context; the account stands in front of what holdings adds to it. */
const parts = {
  accounts: 'me { id }',
  orders: 'order(id: $order) { status }',
  holdings: 'account(id: $account) { name holdingsPage(first: $n) { nodes { quantity } } }',
  assets: 'asset(id: "ABC") { name }',
  strategies: 'strategies(first: $n) { pageInfo { hasNextPage } }',
  notifications: 'notifications(first: $n) { pageInfo { hasNextPage } }',
} as const;

export type Context = keyof typeof parts;
export const contexts = Object.keys(parts) as readonly Context[];

/** What is missing while one of them is down. */
export const missingWith = (down: Context): readonly Context[] =>
  down === 'accounts' ? ['accounts', 'holdings'] : [down];

const variablesOf = (text: string): string =>
  [
    ['$order', 'ID!'],
    ['$account', 'ID!'],
    ['$n', 'Int!'],
  ]
    .filter(([name = '']) => text.includes(name))
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');

/** A screen of all contexts but these. */
export function screenWithout(without: readonly Context[]): string {
  const text = contexts
    .filter((name) => !without.includes(name))
    .map((name) => parts[name])
    .join('\n  ');
  return `query Screen(${variablesOf(text)}) {\n  ${text}\n}`;
}

type Seen = Readonly<Record<string, unknown>> | null;

/** The contexts whose part of the whole screen is null. */
export function missingIn(data: Seen): readonly Context[] {
  const account = data?.['account'] as { readonly holdingsPage: unknown } | null | undefined;
  const found: Readonly<Record<Context, unknown>> = {
    accounts: data?.['me'],
    orders: data?.['order'],
    holdings: account?.holdingsPage,
    assets: data?.['asset'],
    strategies: data?.['strategies'],
    notifications: data?.['notifications'],
  };
  return contexts.filter((name) => found[name] === null || found[name] === undefined);
}

import { setTimeout as pause } from 'node:timers/promises';
import { type BankClient, bankClient, UnexpectedAnswer } from '../../tools/bank/client.ts';
import { signIn } from '../../tools/bank/customer.ts';
import { demoPassword } from '../../tools/seed/people.ts';
import { emailOf } from './story.ts';

/** What a customer looks at: an account, its holdings with assets and gains, a year of it. */
const text = `query Portfolio($id: ID!) { account(id: $id) {
  id number name status
  balances { posted { amount } available { amount } unsettled { amount } withdrawable { amount } }
  holdingsPage(first: 50) { nodes {
    symbol name quantity available price value { amount } cost { amount } averagePrice
    unrealizedGain { amount } asOf isStale
    asset { id symbol name type sector price } } }
  performance(range: YEAR) {
    from to inflow { amount } outflow { amount } asOf isStale degraded
    gain { ...value } startValue { ...value } endValue { ...value } twr { ...rate } xirr { ...rate }
    series { date value { amount } netFlow { amount } cumulativeTwr } } } }
  fragment value on PerformanceValue {
    ... on PerformanceAmount { amount { amount currency } }
    ... on PerformanceUnavailable { reason } }
  fragment rate on PerformanceRate {
    ... on PerformanceReturn { rate } ... on PerformanceUnavailable { reason } }`;

export type Viewer = { readonly door: BankClient; readonly accountId: string };

export async function openViewers(webUrl: string, count: number): Promise<readonly Viewer[]> {
  const viewers: Viewer[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const door = await signIn(bankClient(webUrl), { email: emailOf(nth), password: demoPassword });
    const { accounts } = await door.ask<{ accounts: { id: string }[] }>('{ accounts { id } }');
    viewers.push({ door, accountId: accounts[0]?.id ?? '' });
  }
  return viewers;
}

type Answer = {
  readonly account: {
    readonly holdingsPage: { readonly nodes: readonly { readonly value: object | null }[] };
    readonly performance: {
      readonly twr: { readonly rate?: string; readonly reason?: string };
      readonly series: readonly { readonly value: object | null }[];
    };
  } | null;
};

const [holdingsWanted, daysWanted] = [50, 365] as const;

/** Throws unless the answer is whole: a fast answer to less is no figure. */
export async function look({ door, accountId }: Viewer): Promise<void> {
  const { account } = await door.ask<Answer>(text, { id: accountId });
  const holdings = account?.holdingsPage.nodes.filter(({ value }) => value !== null).length;
  const days = account?.performance.series.filter(({ value }) => value !== null).length ?? 0;
  if (holdings !== holdingsWanted || days < daysWanted) {
    throw new UnexpectedAnswer(`a portfolio of ${holdings} holdings and ${days} days`);
  }
  if (account?.performance.twr.rate === undefined) {
    throw new UnexpectedAnswer(`a year without a return: ${account?.performance.twr.reason}`);
  }
}

export type Load = {
  readonly ms: readonly number[];
  readonly seconds: number;
};

export type Plan = {
  readonly seconds: number;
  /** How long a viewer looks at an answer before asking again, about. */
  readonly lookMs: number;
};

/** Each viewer asks again after the answer, until the time is over; nobody in step with others. */
export async function load(viewers: readonly Viewer[], { seconds, lookMs }: Plan): Promise<Load> {
  const ms: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    viewers.map(async (viewer) => {
      while (performance.now() < until) {
        const askedAt = performance.now();
        await look(viewer);
        ms.push(performance.now() - askedAt);
        if (lookMs > 0) await pause(lookMs * (1 / 2 + Math.random()));
      }
    }),
  );
  return { ms, seconds: (performance.now() - startedAt) / 1_000 };
}

import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Feeds } from './feeds.ts';
import type { Finding, Look } from './finding.ts';
import { lookAtAccounts, lookAtAssets, lookAtOrders } from './look.ts';
import { type IdSource, pagesOf } from './pages.ts';

/** So many at a time are in memory. */
const pageSize = 500;
/** A bank that is wrong everywhere need not be told row by row. */
export const findingsMax = 1_000;

/** `waitMs`: how long work in flight has to arrive. An aborted reconciliation throws. */
export type Patience = { readonly waitMs: number; readonly signal?: AbortSignal | undefined };

export type Checked = {
  readonly orders: number;
  readonly accounts: number;
  readonly assets: number;
};
export type Pass = { readonly findings: readonly Finding[]; readonly checked: Checked };

type Subject = {
  readonly sources: readonly IdSource[];
  readonly look: (feeds: Feeds, ids: readonly string[]) => Promise<Finding[]>;
};

const subjects = (feeds: Feeds): Readonly<Record<keyof Checked, Subject>> => {
  const { accounts, orders, holdings, assets, strategies, market, notifications } = feeds;
  return {
    orders: {
      sources: [accounts, orders, holdings, market].map(({ orderIds }) => orderIds),
      look: lookAtOrders,
    },
    accounts: {
      sources: [accounts, orders, holdings, strategies, notifications].map(
        ({ accountIds }) => accountIds,
      ),
      look: lookAtAccounts,
    },
    assets: {
      sources: [orders, holdings, assets, strategies, market].map(({ assetIds }) => assetIds),
      look: lookAtAssets,
    },
  };
};

/** Laws of one context alone: its database says which rows break them, at one moment. */
async function ownLaws({ accounts, orders, holdings }: Feeds): Promise<Finding[]> {
  const feeds = { accounts, orders, holdings } satisfies Partial<Record<Subscriber, unknown>>;
  const found: Finding[] = [];
  for (const [context, { mismatches }] of Object.entries(feeds)) {
    for (const mismatch of await mismatches()) {
      const owner = context as Subscriber;
      found.push({ ...mismatch, context: owner, look: null, explanation: null });
    }
  }
  return found;
}

/** Looks at everything once, page by page. */
export async function fullPass(feeds: Feeds, { signal }: Patience): Promise<Pass> {
  const findings = await ownLaws(feeds);
  const checked = { orders: 0, accounts: 0, assets: 0 };
  for (const [name, { sources, look }] of Object.entries(subjects(feeds))) {
    for await (const ids of pagesOf(sources, pageSize)) {
      signal?.throwIfAborted();
      checked[name as keyof Checked] += ids.length;
      const room = findingsMax - findings.length;
      findings.push(...(await look(feeds, ids)).slice(0, Math.max(room, 0)));
    }
  }
  return { findings, checked };
}

const idsOf = (looks: readonly (Look | null)[], kind: Look['kind']): string[] => [
  ...new Set(looks.flatMap((look) => (look?.kind === kind ? [look.id] : []))),
];

/** Looks again at what differed; laws of one context alone are not a matter of timing. */
export async function lookAgain(feeds: Feeds, suspects: readonly Finding[]): Promise<Finding[]> {
  const looks = suspects.map(({ look }) => look);
  return [
    ...suspects.filter(({ look }) => look === null),
    ...(await lookAtOrders(feeds, idsOf(looks, 'order'))),
    ...(await lookAtAccounts(feeds, idsOf(looks, 'account'))),
    ...(await lookAtAssets(feeds, idsOf(looks, 'asset'))),
  ];
}

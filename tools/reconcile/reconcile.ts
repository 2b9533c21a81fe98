import type { Backlog } from '@simplebank/chassis/feed';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Feeds } from './feeds.ts';
import { type Finding, nothing } from './finding.ts';
import { type Checked, findingsMax, fullPass, type Patience } from './pass.ts';
import { type InFlight, settle } from './settle.ts';

/** Events of a context that have not had their effects yet, and for how long. */
export type UnderWay = {
  readonly context: Subscriber;
  readonly state: 'unpublished' | 'waiting';
} & Backlog;

export type Report = {
  readonly drift: readonly Finding[];
  readonly inFlight: readonly InFlight[];
  readonly underWay: readonly UnderWay[];
  readonly checked: Checked;
  /** There was more than is told. */
  readonly truncated: boolean;
};

type Events = { readonly underWay: readonly UnderWay[]; readonly dead: readonly Finding[] };

/** An event that no retry will deliver any more has lost its effect until staff sees to it. */
const givenUp = (context: Subscriber, { count }: Backlog): Finding => ({
  law: 'no event is given up',
  context,
  accountId: null,
  subject: 'parked events',
  expected: nothing,
  actual: `${count} dead`,
  look: null,
  explanation: null,
});

async function eventsOf(feeds: Feeds): Promise<Events> {
  const underWay: UnderWay[] = [];
  const dead: Finding[] = [];
  for (const [name, feed] of Object.entries(feeds)) {
    const context = name as Subscriber;
    const transit = await feed.transit();
    for (const state of ['unpublished', 'waiting'] as const) {
      if (transit[state].count > 0) underWay.push({ context, state, ...transit[state] });
    }
    if (transit.dead.count > 0) dead.push(givenUp(context, transit.dead));
  }
  return { underWay, dead };
}

/**
 * Proves that the books of the contexts agree (domain §2.5 rule 11, OPS-50 and OPS-51). It reads
 * pages of facts from each context and never writes. What differs when work in flight has had its
 * time is drift.
 */
export async function reconcile(feeds: Feeds, patience: Patience): Promise<Report> {
  const { findings, checked } = await fullPass(feeds, patience);
  const { drift, inFlight } = await settle(feeds, findings, patience);
  const { underWay, dead } = await eventsOf(feeds);
  const truncated = findings.length >= findingsMax;
  return { drift: [...drift, ...dead], inFlight, underWay, checked, truncated };
}

import { setTimeout as pause } from 'node:timers/promises';
import { eventsFor } from '@simplebank/contracts/subscriptions';
import type { Feeds } from './feeds.ts';
import { type Finding, keyOf } from './finding.ts';
import { lookAgain, type Patience } from './pass.ts';

/** A difference that events still under way explain; the age of the oldest of them, if known. */
export type InFlight = { readonly finding: Finding; readonly ageMs: number | null };
export type Verdict = {
  readonly drift: readonly Finding[];
  readonly inFlight: readonly InFlight[];
};

const lookEveryMs = 500;
const passing = (finding: Finding): InFlight => ({ finding, ageMs: null });

/**
 * Tells drift from work in flight. What is under way moves: a difference that is gone or has become
 * another one was no drift. One that stays as it is until `waitMs` have passed is drift, unless an
 * event that would end it has not been handled yet.
 */
export async function settle(
  feeds: Feeds,
  suspects: readonly Finding[],
  { waitMs, signal }: Patience,
): Promise<Verdict> {
  const until = performance.now() + waitMs;
  let staying = suspects;
  const moved: Finding[] = [];
  while (staying.some(({ look }) => look !== null) && performance.now() < until) {
    await pause(Math.min(lookEveryMs, waitMs), undefined, { signal });
    const seen = new Set((await lookAgain(feeds, staying)).map(keyOf));
    moved.push(...staying.filter((finding) => !seen.has(keyOf(finding))));
    staying = staying.filter((finding) => seen.has(keyOf(finding)));
  }
  const explained = await explain(feeds, staying);
  return {
    drift: staying.filter((finding) => !explained.has(finding)),
    inFlight: [
      ...moved.map(passing),
      ...[...explained].map(([finding, ageMs]) => ({ finding, ageMs })),
    ],
  };
}

/** Those that an unhandled event explains, and its age. */
async function explain(
  feeds: Feeds,
  findings: readonly Finding[],
): Promise<ReadonlyMap<Finding, number>> {
  const explained = new Map<Finding, number>();
  for (const finding of findings) {
    const ageMs = await unhandledSince(feeds, finding);
    if (ageMs !== null) explained.set(finding, ageMs);
  }
  // The sums of an account follow its orders: one that waits explains them.
  const ages = new Map([...explained].map(([{ accountId }, ageMs]) => [accountId, ageMs]));
  for (const finding of findings) {
    const ageMs = ages.get(finding.accountId);
    const isSum = finding.look?.kind === 'account' && finding.explanation === null;
    if (isSum && ageMs !== undefined) explained.set(finding, ageMs);
  }
  return explained;
}

/** How old the oldest event is that would end this difference and had no effect yet; else null. */
async function unhandledSince(feeds: Feeds, { explanation }: Finding): Promise<number | null> {
  if (!explanation) return null;
  const { from, to, aggregateId } = explanation;
  const heard = new Set(eventsFor(to));
  const sent = (await feeds[from].sent([aggregateId])).filter(({ type }) => heard.has(type));
  if (sent.length === 0) return null;
  const waiting = new Set(await feeds[to].unhandled(sent.map(({ eventId }) => eventId)));
  const ages = sent.filter(({ eventId }) => waiting.has(eventId)).map(({ ageMs }) => ageMs);
  return ages.length === 0 ? null : Math.max(...ages);
}

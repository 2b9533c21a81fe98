import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadResult, Plan, Sample } from './load.ts';
import { now, post } from './post.ts';
import { bodyOf, judge, type Lane } from './requests.ts';
import { type Due, type Operation, schedule } from './schedule.ts';

/** More under way at once is a bank that no longer keeps up: the load ends, and says so. */
const underWayMax = 1_500;
/** Orders that rest for a cancellation to come, oldest first, by account. */
const resting = new Map<string, string[]>();
/** An order is canceled once it has come to rest, not while its money is being held. */
const restsMs = 3_000;
const restedAt = new Map<string, number>();
let nth = 0;

type Turn = { readonly due: Due; readonly dueAt: number };

function canceled(lane: Lane): string | undefined {
  const [oldest] = resting.get(lane.accountId) ?? [];
  if (!oldest || now() - (restedAt.get(oldest) ?? 0) < restsMs) return undefined;
  resting.get(lane.accountId)?.shift();
  return oldest;
}

async function sendOne(plan: Plan, { due, dueAt }: Turn): Promise<Sample> {
  nth += 1;
  const { lanes, webUrls, symbols, run } = plan;
  const [lane, url] = [lanes[nth % lanes.length], webUrls[nth % webUrls.length]];
  if (!lane || !url) throw new Error('a load needs customers and a gateway');
  const orderId = due.operation === 'cancel' ? canceled(lane) : undefined;
  // Who has nothing to cancel leaves an order that somebody can cancel later.
  const operation: Operation = due.operation === 'cancel' && !orderId ? 'rest' : due.operation;
  const wish = { operation, lane, key: `${run}-${nth}`, nth, symbols, orderId };
  let trouble: string | null;
  let told: string | null = null;
  try {
    ({ trouble, orderId: told } = judge(await post(url, lane.authorization, bodyOf(wish))));
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  if (operation === 'rest' && told) {
    restedAt.set(told, now());
    resting.set(lane.accountId, [...(resting.get(lane.accountId) ?? []), told]);
  }
  const orders = operation === 'place' ? { orderId: told } : {};
  return { operation, phase: due.phase, dueAt, ms: now() - dueAt, trouble, ...orders };
}

/** Each request leaves when it is due, whatever became of those before: an open loop. */
async function byTheSchedule(plan: Plan): Promise<readonly Sample[]> {
  const { phases, perSecond, seconds, seed } = plan;
  const startedAt = now();
  const samples: Sample[] = [];
  const underWay = new Set<Promise<unknown>>();
  for (const due of schedule({ phases, perSecond, seconds, seed })) {
    const dueAt = startedAt + due.atMs;
    if (dueAt > now() + 1) await pause(dueAt - now());
    if (underWay.size >= underWayMax) break;
    const sent = sendOne(plan, { due, dueAt }).then((sample) => {
      samples.push(sample);
      underWay.delete(sent);
    });
    underWay.add(sent);
  }
  await Promise.all(underWay);
  return samples;
}

/** So many customers, each asking again when the answer is there: as much as the bank bears. */
async function flatOut(plan: Plan): Promise<readonly Sample[]> {
  const { phases, seconds, seed, atOnce = 1 } = plan;
  const endsAt = now() + seconds * 1_000;
  const wanted = schedule({ phases, perSecond: 100, seconds: 100, seed });
  const samples: Sample[] = [];
  let next = 0;
  const customer = async () => {
    while (now() < endsAt) {
      const due = wanted[next % wanted.length];
      next += 1;
      if (due) samples.push(await sendOne(plan, { due, dueAt: now() }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, customer));
  return samples;
}

const nsPerMs = 1e6;

async function load(plan: Plan): Promise<LoadResult> {
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = now();
  const samples = await (plan.atOnce === undefined ? byTheSchedule(plan) : flatOut(plan));
  const { user, system } = process.cpuUsage(cpuBefore);
  lag.disable();
  const lagP99Ms = lag.percentile(99) / nsPerMs;
  const cutShort = plan.atOnce === undefined && samples.length < schedule(plan).length;
  const cpuMs = (user + system) / 1_000;
  return { samples, startedAt, stoppedAt: now(), cpuMs, lagP99Ms, cutShort };
}

// A process of its own, so that its work on answers delays none of the bank's.
process.on('message', (plan: Plan) => {
  load(plan).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

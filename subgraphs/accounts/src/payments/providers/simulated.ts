import { setTimeout as pause } from 'node:timers/promises';
import type { Transact } from '@simplebank/chassis/database';
import { asLeader } from '@simplebank/chassis/leader';
import type { Clock } from '@simplebank/kernel/clock';
import type { Db, Tx } from '../../data/client.ts';
import { findTaken, hasDue, listTold, takePayment, tellDue } from '../data/simulated-provider.ts';
import type { NoticePage, PaymentOrder, PaymentProvider, ProviderState } from '../provider.ts';
import {
  happens,
  planFor,
  refusedFor,
  returnedFor,
  type SimulatedBehaviour,
} from './simulated-plan.ts';

export type SimulatedProviderOptions = SimulatedBehaviour & {
  readonly db: Db;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  /** How long each call takes. */
  readonly callMs: number;
  /** Calls that fail without an effect. */
  readonly failPercent: number;
  /** Submissions that are taken although the call fails. */
  readonly losePercent: number;
};

const noticesPerPage = 100;

/**
 * A provider of our own making that plays an outside party: what it has taken and told survives a
 * crash of this process in its own tables. The same seed and payments have the same outcomes.
 */
export function simulatedProvider(options: SimulatedProviderOptions): PaymentProvider {
  const { db, clock } = options;
  const called = caller(options);
  return {
    name: 'simulated',
    submit: (order) =>
      called(`submit ${order.paymentId}`, async (call) => {
        await take(options, order);
        if (happens(options.losePercent, options.seed, call, 'lose')) throw lost();
      }),
    status: ({ paymentId }) =>
      called(`status ${paymentId}`, () => statusOf(db, paymentId, clock.now())),
    notices: (after) => called('notices', () => noticesAfter(options, BigInt(after || '0'))),
  };
}

type Called = <T>(name: string, run: (call: string) => Promise<T>) => Promise<T>;

/** Each call is a new chance to fail, so that whoever asks again gets through. */
function caller({ callMs, failPercent, seed }: SimulatedProviderOptions): Called {
  let calls = 0;
  return async (name, run) => {
    calls += 1;
    const call = `${name} ${calls}`;
    if (callMs > 0) await pause(callMs);
    if (happens(failPercent, seed, call, 'fail')) throw new Error('the provider is out of order');
    return run(call);
  };
}

const lost = () => new Error('the answer of the provider was lost');

async function take(options: SimulatedProviderOptions, order: PaymentOrder): Promise<void> {
  const { taken, told } = planFor(order, options, options.clock.now());
  await options.transact((tx) => takePayment(tx, taken, told));
}

async function statusOf(db: Db, paymentId: string, now: Date): Promise<ProviderState> {
  const taken = await findTaken(db, paymentId);
  if (!taken) return { state: 'UNKNOWN' };
  const { outcome, answersAt, returnsAt } = taken;
  if (now < answersAt) return { state: 'PENDING' };
  if (outcome === 'REFUSED') return { state: 'REFUSED', reason: refusedFor };
  return returnsAt && returnsAt <= now
    ? { state: 'RETURNED', reason: returnedFor }
    : { state: 'CONFIRMED' };
}

async function noticesAfter(
  { db, transact, clock }: SimulatedProviderOptions,
  after: bigint,
): Promise<NoticePage> {
  const now = clock.now();
  if (await hasDue(db, now)) {
    await asLeader(transact, 'accounts.simulated-provider', (tx) =>
      tellDue(tx, now, noticesPerPage),
    );
  }
  const told = await listTold(db, { after, max: noticesPerPage });
  return {
    notices: told.map(({ noticeId, paymentId, kind, reason, at }) => ({
      ...{ noticeId, paymentId, kind, reason, at },
    })),
    resumePoint: String(told.at(-1)?.place ?? after),
  };
}

import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { Agent, request } from 'undici';
import { requestIdHeader } from '../door/request.ts';
import { recordRetry } from '../observe/call-metrics.ts';
import {
  beginPair,
  observedCall,
  outcomeOfStatus,
  type Pair,
  recordBulkheadRefusal,
  watchBulkhead,
} from '../observe/observed-call.ts';
import { currentStory } from '../observe/story.ts';
import { traceparentHeader } from '../observe/traceparent.ts';
import { createBreaker, isOutage, isServerFault, noBreaker } from './breaker.ts';
import {
  type Budget,
  type Exchange,
  exchange,
  type Network,
  type OutboundAnswer,
  type OutboundCall,
  OutboundError,
} from './outbound-call.ts';

export {
  type Network,
  type OutboundAnswer,
  type OutboundCall,
  type OutboundCode,
  OutboundError,
} from './outbound-call.ts';

export type Outbound = {
  /** Throws OutboundError when there is no answer. */
  send(call: OutboundCall): Promise<OutboundAnswer>;
  /** 0 closed, 1 half open, 2 open: the value of `simplebank_circuit_state`. */
  circuit(): 0 | 1 | 2;
  close(): Promise<void>;
};

export type OutboundOptions = {
  /** Whose calls these are, for figures and spans. */
  readonly service: string;
  /** Name of the other side, for messages and metrics. */
  readonly dependency: string;
  readonly timeoutMs?: number;
  /** Answers 0 to below 1; seeded in tests. */
  readonly random?: () => number;
  readonly network?: Network;
  /**
   * A process of ours is told the deadline, the request id and the trace; an outside party, the
   * default, is told none of it (OPS-96).
   */
  readonly peer?: 'OURS' | 'OUTSIDE';
  /** Off for a caller with a guard around all its calls: two circuits would come out of step. */
  readonly breaking?: boolean;
};

const timeoutMsDefault = 5_000;
const budgetMs = 5_000;
const attemptsMax = 3;
const waitMsMax = 5_000;
const jitterMsMax = 1_000;
const inFlightMax = 50;
const waitingMax = 100;
const keepAliveMs = 30_000;
const answerBytesMax = 16 * 1_048_576;

const agentOptions: Agent.Options = {
  connections: inFlightMax,
  keepAliveTimeout: keepAliveMs,
  maxResponseSize: answerBytesMax,
};

/** A client for one other side: bounded in time, in calls at once and in patience. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { dependency, timeoutMs = timeoutMsDefault, random = Math.random } = options;
  const { service, breaking = true, peer = 'OUTSIDE' } = options;
  const pair: Pair = { service, dependency };
  const agent = new Agent(agentOptions);
  const overSockets: Network = (url, call) => request(url, { ...call, dispatcher: agent });
  const { network = overSockets } = options;
  // The breaker stands behind the queue: what waited while the circuit opened fails without a call.
  const { limit, forget } = watchedBulkhead(pair);
  const breaker = breaking ? createBreaker(pair) : noBreaker;
  beginPair(pair);

  async function attempt(call: OutboundCall, budget: Budget): Promise<OutboundAnswer> {
    const turn = queueTimer(dependency, budget);
    const once = (ours: Exchange['ours']) =>
      exchange({ call, budget, network, dependency, timeoutMs, ours });
    const sent = () => (breaking ? observed({ pair, peer, call }, once) : once(null));
    const guarded = limit.execute(() => breaker.execute(sent, turn.begin));
    try {
      return await Promise.race([guarded, turn.late]);
    } catch (error) {
      throw named(error, dependency);
    } finally {
      turn.end();
    }
  }

  return {
    async send(call) {
      const budget = budgetOf(call, timeoutMs);
      if (budget.leftMs() <= 0) throw new OutboundError('DEADLINE_EXCEEDED', dependency);
      return withRetries({ call, budget, random, pair, attempt: () => attempt(call, budget) });
    },
    circuit: breaker.gauge,
    close: () => {
      forget();
      return agent.close();
    },
  };
}

/** Retries fit into 5 s; a single attempt may be allowed longer; a deadline is never exceeded. */
function budgetOf(call: OutboundCall, timeoutMs: number): Budget {
  const { deadlineMs = Number.POSITIVE_INFINITY } = call;
  const startedAt = performance.now();
  const left = (totalMs: number) => () =>
    Math.min(totalMs, deadlineMs) - (performance.now() - startedAt);
  return { leftMs: left(Math.max(budgetMs, timeoutMs)), retryMs: left(budgetMs) };
}

type Retrying = {
  readonly call: OutboundCall;
  readonly budget: Budget;
  readonly random: () => number;
  readonly pair: Pair;
  readonly attempt: () => Promise<OutboundAnswer>;
};

/**
 * OPS-54. Not cockatiel's retry, which cannot know beforehand that its wait will end after the
 * budget and would keep the caller waiting for nothing.
 */
async function withRetries(retrying: Retrying): Promise<OutboundAnswer> {
  const { call, budget, random, pair, attempt } = retrying;
  const { method = 'GET', idempotent = method === 'GET' } = call;
  const triesMax = idempotent ? attemptsMax : 1;
  for (let n = 0; ; n += 1) {
    const result = await settled(attempt());
    const waitMs = Math.min(2 ** n * 1_000, waitMsMax) + random() * jitterMsMax;
    const isLast = n + 1 >= triesMax || waitMs >= budget.retryMs();
    if (isLast || !isTransient(result)) return unwrapped(result);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    recordRetry(pair);
  }
}

type Settled = { readonly answer: OutboundAnswer } | { readonly error: unknown };

const settled = (pending: Promise<OutboundAnswer>): Promise<Settled> =>
  pending.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );

function unwrapped(result: Settled): OutboundAnswer {
  if ('error' in result) throw result.error;
  return result.answer;
}

const isTransient = (result: Settled): boolean =>
  'error' in result ? isOutage(result.error) : isServerFault(result.answer);

/** Gives up on a call that still waits, for its turn or a trial, when its budget ends. */
function queueTimer(dependency: string, budget: Budget) {
  let begun = false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = () => new OutboundError('DEADLINE_EXCEEDED', dependency);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      if (!begun) reject(tooLate());
    }, budget.leftMs());
  });
  return {
    late,
    begin() {
      if (budget.leftMs() <= 0) throw tooLate();
      begun = true;
    },
    end: () => clearTimeout(timer),
  };
}

type Observing = {
  readonly pair: Pair;
  readonly peer: 'OURS' | 'OUTSIDE';
  readonly call: OutboundCall;
};

/** Each attempt has a span of its own. Who has a guard around its calls observes them there. */
function observed(
  { pair, peer, call: { method = 'GET' } }: Observing,
  send: (ours: Exchange['ours']) => Promise<OutboundAnswer>,
): Promise<OutboundAnswer> {
  const story = currentStory();
  const parent = story?.traceparent ?? null;
  const headersFor = (traceparent: string | null) => ({
    ...(story ? { [requestIdHeader]: story.requestId } : {}),
    ...(traceparent ? { [traceparentHeader]: traceparent } : {}),
  });
  return observedCall(
    { ...pair, name: method, parent },
    (traceparent) => send(peer === 'OURS' ? headersFor(traceparent) : null),
    { outcomeOf: ({ status }) => outcomeOfStatus(status) },
  );
}

/** So many calls at once and so many that wait, which the figures show. */
function watchedBulkhead(pair: Pair) {
  const limit = bulkhead(inFlightMax, waitingMax);
  limit.onReject(() => recordBulkheadRefusal(pair));
  const forget = watchBulkhead(pair, () => ({
    inFlight: inFlightMax - limit.executionSlots,
    waiting: waitingMax - limit.queueSlots,
  }));
  return { limit, forget };
}

function named(error: unknown, dependency: string): unknown {
  if (error instanceof BulkheadRejectedError) return new OutboundError('BULKHEAD_FULL', dependency);
  return error;
}

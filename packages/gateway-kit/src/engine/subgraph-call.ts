import type { GraphQLDataSource } from '@apollo/gateway';
import type { AssertionSigner } from '@simplebank/chassis/auth';
import { assertionHeader } from '@simplebank/chassis/auth';
import { createWatchedCircuit, type Watching } from '@simplebank/chassis/circuit';
import type { Degraded } from '@simplebank/chassis/fallbacks';
import type { Logger } from '@simplebank/chassis/logging';
import {
  type ObservedCall,
  observedCall,
  outcomeOfStatus,
  recordBulkheadRefusal,
  watchBulkhead,
} from '@simplebank/chassis/observed-call';
import { OutboundError } from '@simplebank/chassis/outbound';
import { deadlineHeader, requestIdHeader } from '@simplebank/chassis/request';
import { traceparentHeader } from '@simplebank/chassis/traceparent';
import type { GraphQLFormattedError } from 'graphql';
import { Pool } from 'undici';
import { type Bulkhead, callsMax, createBulkhead } from './bulkhead.ts';
import { createInFlight } from './in-flight.ts';
import type { Reader } from './reader.ts';
import { CallTimeout, post, type Wired } from './wire.ts';

const connectTimeoutMs = 1_000;
/** Shorter than subgraphs keep an idle connection: we never write into a closing one. */
const idleConnectionMs = 4_000;
const callTimeoutMs = 4_500;
const answerBytesMax = 20_000_000;

export type SubgraphRequest = Parameters<GraphQLDataSource['process']>[0]['request'];
export type SubgraphAnswer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: { readonly degraded?: readonly Degraded[] };
  readonly cacheControl?: string | undefined;
};

export type CallerOptions = Omit<Watching, 'dependency'> & {
  readonly name: string;
  /** Any address of the process; its graph is at `/graphql`. */
  readonly url: string;
  readonly signer: AssertionSigner;
};

/**
 * Calls one subgraph over its own pool of connections. Only our own headers go down; what the
 * caller sent stays here. `call` throws when there is no GraphQL answer in time, and at once while
 * the subgraph is left alone after failures.
 */
export function createSubgraphCaller({ name, url, signer, ...watching }: CallerOptions) {
  const pool = new Pool(new URL(url).origin, {
    connections: callsMax,
    keepAliveTimeout: idleConnectionMs,
    connect: { timeout: connectTimeoutMs },
    maxResponseSize: answerBytesMax,
  });
  const circuit = createWatchedCircuit({ ...watching, dependency: name });
  const pair = { service: watching.service, dependency: name };
  const bulkhead = createBulkhead(name);
  const forget = watchBulkhead(pair, bulkhead.held);
  const once = told(watching.log, name, exchangeOver(pool, circuit));
  const exchange = bounded(pair, bulkhead, observed(pair, once));
  const inFlight = createInFlight<Wired>();

  return {
    /** The answer belongs to this reader alone, also when it was read for several at once. */
    async call(body: string, reader: Reader): Promise<SubgraphAnswer> {
      const assertion = await signer.sign(reader.viewer, name);
      const { shareAs } = reader;
      const wired = await inFlight({
        key: shareAs === null ? null : `${shareAs}\n${assertion}\n${body}`,
        run: () => exchange(body, reader, assertion),
        waitMs: () => timeLeft(reader),
        isShareable: ({ status, text }) => status === 200 && !text.includes('DEADLINE_EXCEEDED'),
      });
      return readAnswer(wired);
    },
    close: () => {
      forget();
      return pool.close();
    },
  };
}

type ExchangeOnce = (body: string, reader: Reader, assertion: string) => Promise<Wired>;

type Pair = Pick<ObservedCall, 'service' | 'dependency'>;

/** For whoever looks for where the time of one request went: a line for each of its calls. */
const told =
  (log: Logger, subgraph: string, exchange: ExchangeOnce): ExchangeOnce =>
  async (body, reader, assertion) => {
    const { requestId: request_id } = reader;
    const startedAt = performance.now();
    let response_status = 0;
    try {
      const wired = await exchange(body, reader, assertion);
      response_status = wired.status;
      return wired;
    } finally {
      const timing_total_ms = Math.round((performance.now() - startedAt) * 10) / 10;
      const fields = { request_id, subgraph, response_status, timing_total_ms };
      log.debug(fields, response_status === 0 ? 'no answer to a call' : 'a call was answered');
    }
  };

/** Its span and its figures; the subgraph's own span is a child of this one. */
const observed =
  (pair: Pair, exchange: ExchangeOnce): ExchangeOnce =>
  (body, reader, assertion) =>
    observedCall(
      { ...pair, name: 'POST /graphql', parent: reader.traceparent ?? null },
      (traceparent) => exchange(body, { ...reader, traceparent }, assertion),
      {
        outcomeOf: ({ status }) => outcomeOfStatus(status),
        isTimeout: (error) => error instanceof CallTimeout,
      },
    );

/** So many at once; what is left of the time is counted anew after the wait for a turn. */
function bounded(pair: Pair, bulkhead: Bulkhead, exchange: ExchangeOnce): ExchangeOnce {
  return async (body, reader, assertion) => {
    const waitMs = timeLeft(reader);
    if (waitMs <= 0) throw new Error('no time is left for this call');
    await bulkhead.enter({ isChange: reader.isChange, waitMs }).catch((error: unknown) => {
      if (isFull(error)) recordBulkheadRefusal(pair);
      throw error;
    });
    let answered = false;
    try {
      const wired = await exchange(body, reader, assertion);
      answered = true;
      return wired;
    } finally {
      bulkhead.leave({ answered });
    }
  };
}

const isFull = (error: unknown): boolean =>
  error instanceof OutboundError && error.code === 'BULKHEAD_FULL';

/** One request and its answer, from which the circuit learns how the subgraph does. */
function exchangeOver(pool: Pool, circuit: ReturnType<typeof createWatchedCircuit>): ExchangeOnce {
  let answeredAtMs = Number.NEGATIVE_INFINITY;

  return async (body, reader, assertion) => {
    const timeoutMs = timeLeft(reader);
    if (timeoutMs <= 0) throw new Error('no time is left for this call');
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      [assertionHeader]: assertion,
      [requestIdHeader]: reader.requestId,
      [deadlineHeader]: String(timeoutMs),
      ...(reader.traceparent ? { [traceparentHeader]: reader.traceparent } : {}),
    };
    const pass = circuit.enter();
    const beganAtMs = performance.now();
    try {
      const wired = await post(pool, { headers, body, timeoutMs });
      if (wired.status >= 500) circuit.failed(pass);
      else circuit.succeeded(pass);
      if (wired.status < 500) answeredAtMs = performance.now();
      return wired;
    } catch (error) {
      // Whoever had little time, or waited while others were answered, met a queue, no failure.
      const isBusy = timeoutMs < callTimeoutMs || answeredAtMs >= beganAtMs;
      if (error instanceof CallTimeout && isBusy) circuit.unused(pass);
      else circuit.failed(pass);
      throw error;
    }
  };
}

const timeLeft = ({ deadlineAtMs }: Reader): number =>
  Math.floor(Math.min(callTimeoutMs, deadlineAtMs - performance.now()));

/** Only the door of a subgraph answers 401 or 403: our assertion is wrong, not the caller. */
const refusesUs = (status: number) => status === 401 || status === 403;

function readAnswer({ status, text, cacheControl }: Wired): SubgraphAnswer {
  if (refusesUs(status) || status === 429 || status >= 500) throw new Error(`status ${status}`);
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error('not a GraphQL answer');
  if (!('data' in answer || 'errors' in answer)) throw new Error('not a GraphQL answer');
  return Object.assign(answer as SubgraphAnswer, { cacheControl });
}

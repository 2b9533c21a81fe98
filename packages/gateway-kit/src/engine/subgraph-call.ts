import type { GraphQLDataSource } from '@apollo/gateway';
import type { AssertionSigner } from '@simplebank/chassis/auth';
import { assertionHeader } from '@simplebank/chassis/auth';
import { deadlineHeader, requestIdHeader } from '@simplebank/chassis/request';
import type { GraphQLFormattedError } from 'graphql';
import { Pool } from 'undici';
import type { Story } from '../request/story.ts';

const connectionsMax = 64;
const connectTimeoutMs = 1_000;
/** Shorter than subgraphs keep an idle connection: we never write into a closing one. */
const idleConnectionMs = 4_000;
const callTimeoutMs = 4_500;
const answerBytesMax = 20_000_000;

export type SubgraphRequest = Parameters<GraphQLDataSource['process']>[0]['request'];
export type SubgraphAnswer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
};

type CallerOptions = {
  readonly name: string;
  /** Any address of the process; its graph is at `/graphql`. */
  readonly url: string;
  readonly signer: AssertionSigner;
};

/**
 * Calls one subgraph over its own pool of connections. Only our own headers go down; what the
 * caller sent stays here. `call` throws when there is no GraphQL answer in time.
 */
export function createSubgraphCaller({ name, url, signer }: CallerOptions) {
  const pool = new Pool(new URL(url).origin, {
    connections: connectionsMax,
    keepAliveTimeout: idleConnectionMs,
    connect: { timeout: connectTimeoutMs },
    maxResponseSize: answerBytesMax,
  });

  return {
    async call(request: SubgraphRequest, story: Story): Promise<SubgraphAnswer> {
      const timeLeftMs = timeLeft(story);
      const { query, variables, operationName } = request;
      const { statusCode, body } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          [assertionHeader]: await signer.sign(story.viewer, name),
          [requestIdHeader]: story.requestId,
          [deadlineHeader]: String(timeLeftMs),
        },
        body: JSON.stringify({ query, variables, operationName }),
        signal: AbortSignal.timeout(timeLeftMs),
      });
      return readAnswer(statusCode, await body.text());
    },
    close: () => pool.close(),
  };
}

function timeLeft({ deadlineAtMs }: Story): number {
  const leftMs = Math.floor(Math.min(callTimeoutMs, deadlineAtMs - performance.now()));
  if (leftMs <= 0) throw new Error('no time is left for this call');
  return leftMs;
}

/** Only the door of a subgraph answers 401 or 403: our assertion is wrong, not the caller. */
const refusesUs = (status: number) => status === 401 || status === 403;

function readAnswer(status: number, text: string): SubgraphAnswer {
  if (refusesUs(status) || status === 429 || status >= 500) throw new Error(`status ${status}`);
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error('not a GraphQL answer');
  if (!('data' in answer || 'errors' in answer)) throw new Error('not a GraphQL answer');
  return answer as SubgraphAnswer;
}

import type { GraphQLDataSource } from '@apollo/gateway';
import type { AssertionSigner } from '@simplebank/chassis/auth';
import { assertionHeader } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import { deadlineHeader, requestIdHeader } from '@simplebank/chassis/request';
import type { GraphQLFormattedError } from 'graphql';
import { Pool } from 'undici';
import { fetchedPaths } from './fetched-fields.ts';
import type { Story } from './story.ts';
import { publicSubgraphError } from './subgraph-error.ts';
import { SubgraphUnavailable } from './unavailable.ts';

const connectionsMax = 64;
const connectTimeoutMs = 1_000;
/** Shorter than the subgraphs keep an idle connection, so that we never write into a closing one. */
const idleConnectionMs = 4_000;
const callTimeoutMs = 4_500;
const answerBytesMax = 20_000_000;

type SourceOptions = {
  readonly name: string;
  /** Any address of the process; its graph is at `/graphql`. */
  readonly url: string;
  readonly signer: AssertionSigner;
  readonly mask: ErrorMask;
};

type Request = Parameters<GraphQLDataSource['process']>[0]['request'];
type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
};

export type SubgraphSource = GraphQLDataSource & { close(): Promise<void> };

/**
 * Calls one subgraph over its own pool of connections. It never throws: a subgraph that does not
 * answer in time becomes an error of code SUBGRAPH_UNAVAILABLE at each field it costs.
 */
export function createSubgraphSource(options: SourceOptions): SubgraphSource {
  const { name, signer, mask } = options;
  const { origin } = new URL(options.url);
  const pool = new Pool(origin, {
    connections: connectionsMax,
    keepAliveTimeout: idleConnectionMs,
    connect: { timeout: connectTimeoutMs },
    maxResponseSize: answerBytesMax,
  });

  async function exchange(request: Request, story: Story): Promise<Answer> {
    const timeLeftMs = Math.floor(Math.min(callTimeoutMs, story.deadlineAtMs - performance.now()));
    if (timeLeftMs <= 0) throw new Error('no time is left for this call');
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
  }

  function told(errors: readonly GraphQLFormattedError[], { request, story }: Asked) {
    let paths: ReturnType<typeof pathsOf> | undefined;
    return errors.map((error) => {
      const shown = publicSubgraphError(error, { subgraph: name, mask, story });
      if (shown.path) return shown;
      paths ??= pathsOf(request);
      return paths[0] ? { ...shown, path: paths[0] } : shown;
    });
  }

  return {
    async process({ request, context }) {
      const story = context as Story;
      try {
        const { data, errors } = await exchange(request, story);
        if (!errors) return { data: data ?? null };
        return { data: data ?? null, errors: told(errors, { request, story }) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const fields = { error_code: 'SUBGRAPH_UNAVAILABLE', subgraph: name };
        story.log.warn(fields, `subgraph ${name} did not answer: ${reason}`);
        const { message, extensions } = new SubgraphUnavailable(name);
        return { errors: pathsOf(request).map((path) => ({ message, extensions, path })) };
      }
    },
    close: () => pool.close(),
  };
}

type Asked = { readonly request: Request; readonly story: Story };

/** Only the door of a subgraph answers 401 or 403: our assertion is wrong, not the caller. */
const refusesUs = (status: number) => status === 401 || status === 403;

function readAnswer(status: number, text: string): Answer {
  if (refusesUs(status) || status === 429 || status >= 500) throw new Error(`status ${status}`);
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error('not a GraphQL answer');
  if (!('data' in answer || 'errors' in answer)) throw new Error('not a GraphQL answer');
  return answer as Answer;
}

function pathsOf({ query, variables }: Request) {
  const representations: unknown = variables?.['representations'];
  return fetchedPaths(query ?? '', Array.isArray(representations) ? representations.length : 0);
}

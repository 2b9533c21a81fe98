import type { GraphQLDataSource } from '@apollo/gateway';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { GraphQLFormattedError } from 'graphql';
import { hintIn } from './cache-policy.ts';
import { fetchedPaths } from './fetched-fields.ts';
import type { Reader } from './reader.ts';
import { createRequestTexts } from './request-text.ts';
import { spread } from './spread.ts';
import type { CallerOptions, SubgraphAnswer, SubgraphRequest } from './subgraph-call.ts';
import { createSubgraphCaller } from './subgraph-call.ts';
import { publicSubgraphError } from './subgraph-error.ts';
import { SubgraphUnavailable } from './unavailable.ts';

type SourceOptions = CallerOptions & {
  readonly mask: ErrorMask;
  readonly distinctEntities: boolean;
};

export type SubgraphSource = GraphQLDataSource & { close(): Promise<void> };
type Processing = Parameters<GraphQLDataSource['process']>[0];

/**
 * One subgraph as the query plan sees it. It never throws: a subgraph that does not answer in time
 * becomes an error of code SUBGRAPH_UNAVAILABLE at each field it costs.
 */
export function createSubgraphSource(options: SourceOptions): SubgraphSource {
  const { name, mask } = options;
  const caller = createSubgraphCaller(options);
  const textOf = createRequestTexts(options);

  async function answerOf(request: SubgraphRequest, reader: Reader): Promise<SubgraphAnswer> {
    const { body, places } = textOf(request);
    const answer = await caller.call(body, reader);
    reader.degraded.push(...(answer.extensions?.degraded ?? []));
    return places ? spread(answer, places) : answer;
  }

  return {
    async process(processing) {
      const { request } = processing;
      const reader = processing.context as Reader;
      try {
        const { data = null, errors, cacheControl } = await answerOf(request, reader);
        restrictCaching(processing, errors ? undefined : cacheControl);
        if (!errors) return { data };
        const shown = errors.map((error) =>
          publicSubgraphError(error, { subgraph: name, mask, story: reader }),
        );
        return { data, errors: placed(shown, request) };
      } catch (error) {
        restrictCaching(processing, undefined);
        const reason = error instanceof Error ? error.message : String(error);
        const { message, extensions } = new SubgraphUnavailable(name, error);
        const fields = { error_code: String(extensions['code']), subgraph: name };
        reader.log.warn(fields, `subgraph ${name} did not answer: ${reason}`);
        return { errors: pathsOf(request).map((path) => ({ message, extensions, path })) };
      }
    },
    close: caller.close,
  };
}

/** What the subgraph does not allow, nobody keeps; an answer with errors is never kept. */
function restrictCaching(processing: Processing, cacheControl: string | undefined): void {
  if (!('incomingRequestContext' in processing)) return;
  processing.incomingRequestContext.overallCachePolicy?.restrict(hintIn(cacheControl));
}

/** An error about the whole request stands at the first field that was asked for. */
function placed(errors: readonly GraphQLFormattedError[], request: SubgraphRequest) {
  if (errors.every(({ path }) => path)) return errors;
  const [first] = pathsOf(request);
  return errors.map((error) => (error.path || !first ? error : { ...error, path: first }));
}

function pathsOf({ query, variables }: SubgraphRequest) {
  const representations: unknown = variables?.['representations'];
  return fetchedPaths(query ?? '', Array.isArray(representations) ? representations.length : 0);
}

import type { GraphQLDataSource } from '@apollo/gateway';
import type { AssertionSigner } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { Story } from '../request/story.ts';
import { fetchedPaths } from './fetched-fields.ts';
import type { SubgraphRequest } from './subgraph-call.ts';
import { createSubgraphCaller } from './subgraph-call.ts';
import { publicSubgraphError } from './subgraph-error.ts';
import { SubgraphUnavailable } from './unavailable.ts';

type SourceOptions = {
  readonly name: string;
  readonly url: string;
  readonly signer: AssertionSigner;
  readonly mask: ErrorMask;
};

export type SubgraphSource = GraphQLDataSource & { close(): Promise<void> };

/**
 * One subgraph as the query plan sees it. It never throws: a subgraph that does not answer in time
 * becomes an error of code SUBGRAPH_UNAVAILABLE at each field it costs.
 */
export function createSubgraphSource(options: SourceOptions): SubgraphSource {
  const { name, mask } = options;
  const caller = createSubgraphCaller(options);
  return {
    async process({ request, context }) {
      const story = context as Story;
      try {
        const { data = null, errors } = await caller.call(request, story);
        if (!errors) return { data };
        const shown = errors.map((error) =>
          publicSubgraphError(error, { subgraph: name, mask, story }),
        );
        return { data, errors: placed(shown, request) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const fields = { error_code: 'SUBGRAPH_UNAVAILABLE', subgraph: name };
        story.log.warn(fields, `subgraph ${name} did not answer: ${reason}`);
        const { message, extensions } = new SubgraphUnavailable(name);
        return { errors: pathsOf(request).map((path) => ({ message, extensions, path })) };
      }
    },
    close: caller.close,
  };
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

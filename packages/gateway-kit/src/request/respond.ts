import { GraphQLError } from 'graphql';
import type { Operations } from '../operations/operations.ts';
import type { Rights } from '../rights/rights.ts';
import type { Answer, Asked, Outcome, Run } from './steps.ts';
import type { Story } from './story.ts';

type Steps = { readonly operations: Operations; readonly rights: Rights; readonly run: Run };

export type Respond = (asked: Asked, story: Story) => Promise<Answer>;

/**
 * The way of every operation through the gateway, whichever door it came by: what is asked, may
 * they, run it, say it. Throws PublicError for an operation that is refused before it runs.
 */
export const createRespond =
  ({ operations, rights, run }: Steps): Respond =>
  async (asked, story) => {
    const operation = operations.resolve(asked);
    story.operation.name = operation.name;
    if (story.method === 'GET' && operation.definition.operation !== 'query') {
      throw methodNotAllowed();
    }
    const { operation: allowed, refuse } = rights.allow(operation, story.viewer);
    const outcome = allowed ? await run(allowed, asked, story) : nothingRan;
    return answerOf(refuse ? refuse(outcome, asked, story) : outcome);
  };

const nothingRan: Outcome = {
  status: 200,
  data: {},
  cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
};

function answerOf(outcome: Outcome): Answer {
  const { status, data, errors, extensions } = outcome;
  const body = JSON.stringify({ errors, data, extensions });
  return { status, headers: {}, body, outcome };
}

const methodNotAllowed = () =>
  new GraphQLError('By GET only queries are answered; send it by POST.', {
    extensions: { code: 'METHOD_NOT_ALLOWED' },
  });

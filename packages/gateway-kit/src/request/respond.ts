import { GraphQLError } from 'graphql';
import type { AnswerCache } from '../cache/answer-cache.ts';
import { plainAnswer } from '../cache/answer-headers.ts';
import type { Operations } from '../operations/operations.ts';
import type { Rights } from '../rights/rights.ts';
import type { Answer, Asked, Outcome } from './steps.ts';
import type { Story } from './story.ts';

type Steps = {
  readonly operations: Operations;
  readonly rights: Rights;
  /** The cache, and behind it plan and run. */
  readonly answers: Pick<AnswerCache, 'answer'>;
};

export type Respond = (asked: Asked, story: Story) => Promise<Answer>;

/**
 * The way of every operation through the gateway, whichever door it came by: what is asked, may
 * they, run it, say it. Throws PublicError for an operation that is refused before it runs.
 */
export const createRespond =
  ({ operations, rights, answers }: Steps): Respond =>
  async (asked, story) => {
    const operation = operations.resolve(asked);
    story.operation.name = operation.name;
    if (story.method === 'GET' && operation.definition.operation !== 'query') {
      throw methodNotAllowed();
    }
    const { operation: allowed, refuse } = rights.allow(operation, story.viewer);
    const answer = allowed
      ? await answers.answer({ operation: allowed, asked, story })
      : plainAnswer(nothingRan);
    return refuse ? plainAnswer(refuse(answer.outcome, asked, story)) : answer;
  };

const nothingRan: Outcome = {
  status: 200,
  data: {},
  cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
};

const methodNotAllowed = () =>
  new GraphQLError('By GET only queries are answered; send it by POST.', {
    extensions: { code: 'METHOD_NOT_ALLOWED' },
  });

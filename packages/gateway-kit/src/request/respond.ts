import { PublicError } from '@simplebank/chassis/errors';
import type { Outcome as Counted } from '@simplebank/chassis/metrics';
import { isRefusal, operationLabel } from '@simplebank/chassis/operation-label';
import { GraphQLError } from 'graphql';
import type { AnswerCache } from '../cache/answer-cache.ts';
import { plainAnswer } from '../cache/answer-headers.ts';
import type { Limits } from '../limits/limits.ts';
import type { Visit } from '../limits/visit.ts';
import type { Operations } from '../operations/operations.ts';
import type { Rights } from '../rights/rights.ts';
import type { Answer, Asked, Outcome } from './steps.ts';
import type { Story } from './story.ts';

type Steps = {
  readonly limits: Limits;
  readonly operations: Operations;
  readonly rights: Rights;
  /** The cache, and behind it plan and run. */
  readonly answers: Pick<AnswerCache, 'answer'>;
};

export type Respond = (asked: Asked, story: Story) => Promise<Answer>;

/**
 * The way of every operation through the gateway, whichever door it came by: what is asked, may
 * they, run it, say it. Throws PublicError for an operation that is refused before it runs, and
 * LimitExceeded for one that has to wait.
 */
export const createRespond =
  (steps: Steps): Respond =>
  async (asked, story) => {
    const visit = await steps.limits.enter(asked, story);
    try {
      return await answerTo(asked, { steps, story, visit });
    } finally {
      visit.leave();
    }
  };

type Inside = { readonly steps: Steps; readonly story: Story; readonly visit: Visit };

async function answerTo(asked: Asked, { steps, story, visit }: Inside): Promise<Answer> {
  const { operations, rights, answers } = steps;
  const operation = operations.resolve(asked);
  story.operation.name = operation.name;
  story.operation.label = operationLabel(operation.definition);
  if (operation.definition.operation === 'subscription') throw notLive();
  if (story.method === 'GET' && operation.definition.operation !== 'query') {
    throw methodNotAllowed();
  }
  await visit.admit(operation, asked.variables);
  const { operation: allowed, refuse } = rights.allow(operation, story.viewer);
  const answer = allowed
    ? await answers.answer({ operation: allowed, asked, story })
    : plainAnswer(nothingRan);
  visit.charge(operation, answer.outcome.data);
  const shown = refuse ? plainAnswer(refuse(answer.outcome, asked, story)) : answer;
  story.operation.outcome = outcomeOf(shown.outcome);
  return shown;
}

/** OPS-88. A mutation alone may be refused by a typed answer. */
function outcomeOf({ errors, data }: Outcome): Counted {
  if (errors?.length) return 'error';
  return isRefusal(data) ? 'refused' : 'ok';
}

const nothingRan: Outcome = {
  status: 200,
  data: {},
  cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
};

const notLive = () =>
  new PublicError('BAD_INPUT', 'Subscribe by WebSocket, or by SSE with accept: text/event-stream.');

const methodNotAllowed = () =>
  new GraphQLError('By GET only queries are answered; send it by POST.', {
    extensions: { code: 'METHOD_NOT_ALLOWED' },
  });

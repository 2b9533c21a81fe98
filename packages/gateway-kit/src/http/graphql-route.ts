import { PublicError } from '@simplebank/chassis/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { InvalidOperation } from '../operations/operations.ts';
import type { Respond } from '../request/respond.ts';
import type { Asked } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { askedIn } from './graphql-body.ts';
import { graphqlPath } from './http-error.ts';

/** The graph over HTTP: POST with a JSON body, or a query by GET. */
export function mountGraph(app: FastifyInstance, respond: Respond): void {
  app.post(graphqlPath, async (request, reply) => {
    return answer(askedIn(request.body), respond, { request, reply });
  });
  app.get(graphqlPath, async (request, reply) => {
    refuseForeignPages(request);
    return answer(askedInUrl(request.query), respond, { request, reply });
  });
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

async function answer(asked: Asked, respond: Respond, { request, reply }: Exchange) {
  try {
    const { status, headers, body } = await respond(asked, storyOf(request));
    return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
  } catch (error) {
    if (!(error instanceof InvalidOperation)) throw error;
    const errors = error.errors.map((one) => withRequestId(one.toJSON(), request.id));
    return reply.code(400).send({ errors });
  }
}

const preflightHeaders = ['x-apollo-operation-name', 'apollo-require-preflight'];

/** A page of another site may send a GET without asking, but no header of its own. */
function refuseForeignPages({ headers }: FastifyRequest): void {
  if (headers['content-type']?.startsWith('application/json')) return;
  if (preflightHeaders.some((name) => headers[name])) return;
  throw new PublicError('BAD_INPUT', 'By GET send the header apollo-require-preflight, too.');
}

const withRequestId = (error: GraphQLFormattedError, requestId: string) => ({
  ...error,
  extensions: { ...error.extensions, requestId },
});

function askedInUrl(query: unknown): Asked {
  const given: Record<string, unknown> = { ...(query as object) };
  for (const name of ['variables', 'extensions']) {
    const text = given[name];
    if (typeof text === 'string') given[name] = jsonIn(text, name);
  }
  return askedIn(given);
}

function jsonIn(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PublicError('BAD_INPUT', `${field} is not valid JSON.`, { field, cause });
  }
}

function storyOf({ story }: FastifyRequest): Story {
  if (!story) throw new Error('the graph was reached without a story');
  return story;
}

import { PublicError } from '@simplebank/chassis/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import type { Sse } from '../live/sse.ts';
import { InvalidOperation } from '../operations/invalid.ts';
import type { Respond } from '../request/respond.ts';
import type { Asked } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { AnswerType } from './answer-type.ts';
import { answerTypeFor } from './answer-type.ts';
import { isNotModified } from './etag.ts';
import type { ReadAsked } from './graphql-body.ts';
import { graphqlPath } from './http-error.ts';

type Graph = {
  readonly respond: Respond;
  readonly read: ReadAsked;
  /** Answers as server-sent events; absent where nothing is told live. */
  readonly sse?: Pick<Sse, 'wants' | 'tell'> | undefined;
};

const otherMethods = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** The graph over HTTP: POST with a JSON body, or a query by GET. */
export function mountGraph(app: FastifyInstance, { respond, read, sse }: Graph): void {
  app.post(graphqlPath, async (request, reply) => {
    refuseForeignCharset(request);
    if (sse?.wants(request)) return sse.tell(read(request.body), { request, reply });
    return answer(read(request.body), respond, { request, reply });
  });
  app.get(graphqlPath, { exposeHeadRoute: false }, async (request, reply) => {
    refuseForeignPages(request);
    if (sse?.wants(request)) return sse.tell(read(inUrl(request.query)), { request, reply });
    return answer(read(inUrl(request.query)), respond, { request, reply });
  });
  app.route({
    method: [...otherMethods],
    url: graphqlPath,
    handler: async (_, reply) => {
      reply.header('allow', 'GET, POST');
      throw refusal('METHOD_NOT_ALLOWED', 'The graph answers GET and POST.');
    },
  });
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

async function answer(asked: Asked, respond: Respond, { request, reply }: Exchange) {
  const type = answerTypeFor(request.headers.accept);
  if (!type) throw refusal('NOT_ACCEPTABLE', 'Accept application/graphql-response+json.');
  try {
    const { status, headers, body, outcome } = await respond(asked, storyOf(request));
    const refused = outcome.data === undefined && status === 400;
    reply.code(refused ? refusedStatus(type) : status);
    if (isNotModified({ request, reply }, headers)) return reply.send();
    return reply.type(type.contentType).send(body);
  } catch (error) {
    if (codeOf(error) === 'METHOD_NOT_ALLOWED') reply.header('allow', 'POST');
    if (!(error instanceof InvalidOperation)) throw error;
    const errors = error.errors.map((one) => withRequestId(one.toJSON(), request.id));
    return reply.code(refusedStatus(type)).type(type.contentType).send({ errors });
  }
}

const refusedStatus = ({ refusalsAreOk }: AnswerType): number => (refusalsAreOk ? 200 : 400);

const codeOf = (error: unknown) =>
  error instanceof GraphQLError ? error.extensions['code'] : undefined;

const refusal = (code: string, message: string) =>
  new GraphQLError(message, { extensions: { code } });

const charset = /;\s*charset="?([^";\s]+)/i;

/** JSON is UTF-8 (RFC 8259); a body that claims another charset would be read as what it is not. */
function refuseForeignCharset({ headers }: FastifyRequest): void {
  const named = charset.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (named === undefined || named === 'utf-8' || named === 'utf8') return;
  throw refusal('UNSUPPORTED_MEDIA_TYPE', 'Send the body in UTF-8.');
}

const preflightHeaders = ['x-apollo-operation-name', 'apollo-require-preflight'];
const foreignSites: ReadonlySet<unknown> = new Set(['cross-site', 'same-site']);

/**
 * A page of another site may send a GET without asking, but no header of its own. Whoever brings
 * no cookie and is no such page has nothing that could be misused.
 */
function refuseForeignPages({ headers }: FastifyRequest): void {
  if (!headers.cookie && !foreignSites.has(headers['sec-fetch-site'])) return;
  if (headers['content-type']?.startsWith('application/json')) return;
  if (preflightHeaders.some((name) => headers[name])) return;
  throw new PublicError('BAD_INPUT', 'By GET send the header apollo-require-preflight, too.');
}

const withRequestId = (error: GraphQLFormattedError, requestId: string) => ({
  ...error,
  extensions: { ...error.extensions, requestId },
});

function inUrl(query: unknown): object {
  const given: Record<string, unknown> = { ...(query as object) };
  for (const name of ['variables', 'extensions']) {
    const text = given[name];
    if (typeof text === 'string') given[name] = jsonIn(text, name);
  }
  return given;
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

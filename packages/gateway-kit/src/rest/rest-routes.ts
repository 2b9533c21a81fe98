import { PublicError } from '@simplebank/chassis/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { GraphQLError, parse, validate } from 'graphql';
import type { Respond } from '../request/respond.ts';
import type { Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { RestAnswer, RestRoute } from './rest.ts';

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Serves each declaration at its path and under `/v1`; other methods there answer 405.
 * Throws when an operation does not fit the graph of this gateway.
 */
export function mountRestRoutes(
  app: FastifyInstance,
  routes: readonly RestRoute[],
  { schema, respond }: Graph,
): void {
  for (const route of routes) assertFits(route, schema);
  const paths = new Set(routes.map(({ path }) => path));
  for (const path of paths) {
    const here = routes.filter((route) => route.path === path);
    for (const url of [path, `/v1${path}`]) mountPath(app, { url, here, respond });
  }
}

type Graph = { readonly schema: GraphQLSchema; readonly respond: Respond };
type Place = {
  readonly url: string;
  readonly here: readonly RestRoute[];
  readonly respond: Respond;
};

function mountPath(app: FastifyInstance, { url, here, respond }: Place): void {
  for (const route of here) {
    app.route({
      method: route.method,
      url,
      exposeHeadRoute: false,
      handler: async (request, reply) => send(await run(route, respond, request), request, reply),
    });
  }
  const known: readonly string[] = here.map(({ method }) => method);
  app.route({
    method: methods.filter((method) => !known.includes(method)),
    url,
    handler: async (request, reply) => {
      reply.header('allow', known.join(', '));
      const body = { code: 'BAD_INPUT', message: 'This address has no such method.' };
      return send({ status: 405, body }, request, reply);
    },
  });
}

function send({ status, body }: RestAnswer, request: FastifyRequest, reply: FastifyReply) {
  const error = status >= 400 && typeof body === 'object';
  return reply.code(status).send(error ? { ...body, requestId: request.id } : body);
}

function assertFits({ method, path, operation }: RestRoute, schema: GraphQLSchema): void {
  const errors = validate(schema, parse(operation));
  if (errors.length === 0) return;
  const reasons = errors.map(({ message }) => message).join(' ');
  throw new Error(`${method} ${path} does not fit the graph: ${reasons}`);
}

async function run(route: RestRoute, respond: Respond, request: FastifyRequest) {
  const input = inputOf(route, request);
  const asked = { query: route.operation, operationName: null, variables: route.variables(input) };
  const { outcome } = await respond(asked, storyOf(request));
  const data = standing(outcome);
  return route.answer(data, input);
}

/** Path parameters win over the body, the body over the query. */
function inputOf(route: RestRoute, request: FastifyRequest): unknown {
  const given = {
    ...asObject(request.query),
    ...asObject(request.body),
    ...asObject(request.params),
    idempotencyKey: request.headers['idempotency-key'],
  };
  const read = route.input.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.join('.');
  throw new PublicError('BAD_INPUT', `${field}: ${issue?.message}`, { field });
}

const asObject = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

function storyOf({ story }: FastifyRequest): Story {
  if (!story) throw new Error('a REST route was mounted outside the authenticated scope');
  return story;
}

/** Data with holes is an answer as long as one root field stands; else the first error is it. */
function standing({ data, errors }: Outcome) {
  const [first] = errors ?? [];
  const stands = data ? Object.values(data).some((value) => value !== null) : false;
  if (first && !stands) throw asThrown(first);
  return data;
}

/** INTERNAL keeps the id of its record; a field is named as the REST caller knows it. */
function asThrown({ message, extensions = {} }: GraphQLFormattedError): GraphQLError {
  const { field } = extensions;
  const named = typeof field === 'string' ? { field: field.replace(/^input\./, '') } : {};
  return new GraphQLError(message, { extensions: { ...extensions, ...named } });
}

import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { parse, validate } from 'graphql';
import { etagOf } from '../cache/kept-answers.ts';
import { isNotModified } from '../http/etag.ts';
import type { Respond } from '../request/respond.ts';
import type { Story } from '../request/story.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { RestRoute } from './rest.ts';
import { inputOf } from './rest-input.ts';
import { checkMay, type Ran, runRoute } from './rest-run.ts';

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

type Graph = {
  readonly schema: GraphQLSchema;
  readonly respond: Respond;
  readonly kept: KeptAnswers;
};

/** Serves each declaration. Throws when an operation does not fit the graph of this gateway. */
export function mountRestRoutes(
  app: FastifyInstance,
  routes: readonly RestRoute[],
  graph: Graph,
): void {
  for (const route of routes) assertFits(route, graph.schema);
  const urls = new Set(routes.flatMap(urlsOf));
  for (const url of urls) {
    const here = routes.filter((route) => urlsOf(route).includes(url));
    for (const route of here) mountCall(app, { url, route, graph });
    mountMethods(app, { url, methodsHere: here.map(({ method }) => method) });
  }
}

/** Version 1 answers without its number, too; it is what callers knew first. */
const urlsOf = ({ path, version = 1 }: RestRoute): readonly string[] => {
  const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
  return version === 1 ? [url, `/v1${url}`] : [`/v${version}${url}`];
};

type Call = { readonly url: string; readonly route: RestRoute; readonly graph: Graph };

function mountCall(app: FastifyInstance, { url, route, graph }: Call): void {
  const prefix = /^\/v\d+(?=\/)/.exec(url)?.[0] ?? '';
  app.route({
    method: route.method,
    url,
    exposeHeadRoute: route.method === 'GET',
    handler: async (request, reply) => {
      const story = storyOf(request);
      checkMay(route, story.viewer);
      const input = inputOf(route, request);
      const ran = await runRoute({ route, input, story }, graph);
      if (ran.location) reply.header('location', `${prefix}${ran.location}`);
      if (ran.status >= 400) return refuse(ran, { request, reply });
      return route.method === 'GET'
        ? sendCacheable(route, ran, { request, reply })
        : sendJson(ran, reply);
    },
  });
}

type Place = { readonly url: string; readonly methodsHere: readonly string[] };

/** What else may be asked here: OPTIONS tells, and every other method is told. */
export function mountMethods(app: FastifyInstance, { url, methodsHere }: Place): void {
  const readable = methodsHere.includes('GET') ? ['HEAD'] : [];
  const allow = [...methodsHere, ...readable, 'OPTIONS'].join(', ');
  app.options(url, async (_, reply) => reply.code(204).header('allow', allow).send());
  app.route({
    method: methods.filter((method) => !methodsHere.includes(String(method))),
    url,
    handler: async (request, reply) => {
      reply.header('allow', allow);
      const body = { code: 'METHOD_NOT_ALLOWED', message: 'This address has no such method.' };
      return refuse({ status: 405, body }, { request, reply });
    },
  });
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

const refuse = ({ status, body }: Ran, { request, reply }: Exchange) =>
  reply.code(status).send({ ...(body as object), requestId: request.id });

const sendJson = ({ status, body }: Ran, reply: FastifyReply) => reply.code(status).send(body);

/** With a tag that says whether it has changed; only what is kept may be used without asking. */
function sendCacheable(route: RestRoute, ran: Ran, { request, reply }: Exchange) {
  const text = JSON.stringify(ran.body);
  const headers = {
    etag: etagOf(text),
    'cache-control': cacheControlOf(route, ran),
    ...(route.access === 'anyone' ? {} : { vary: 'authorization, cookie' }),
    ...ageOf(ran),
  };
  reply.code(ran.status);
  if (isNotModified({ request, reply }, headers)) return reply.send();
  return reply.type('application/json; charset=utf-8').send(text);
}

function cacheControlOf({ access, keptMs }: RestRoute, { stale }: Ran): string {
  if (access !== 'anyone') return 'private, no-cache';
  if (keptMs === undefined || stale) return 'no-cache';
  return `public, max-age=${Math.floor(keptMs / 1_000)}`;
}

const ageOf = ({ ageMs }: Ran) =>
  ageMs === undefined ? {} : { age: String(Math.floor(ageMs / 1_000)) };

export function assertFits({ method, path, ...route }: RestRoute, schema: GraphQLSchema): void {
  const texts = [route.operation, route.fallback, route.lookup?.operation];
  const errors = texts.flatMap((text) => (text ? validate(schema, parse(text)) : []));
  if (errors.length === 0) return;
  const reasons = errors.map(({ message }) => message).join(' ');
  throw new Error(`${method} ${path} does not fit the graph: ${reasons}`);
}

function storyOf({ story }: FastifyRequest): Story {
  if (!story) throw new Error('a REST route was mounted outside the authenticated scope');
  return story;
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../process/logging.ts';
import { createErrorMask, PublicError } from './errors.ts';
import { farewellOf } from './farewell.ts';
import { answerErrors } from './http-errors.ts';
import { envPrefix, listen } from './listen.ts';
import { type RequestRecord, recordRequests } from './request-log.ts';
import { closeGraceMs, createServer } from './server.ts';
import type { Door } from './subgraph.ts';

/** `CUT` ends the connection without an answer, as a broken network does. */
export type RouteAnswer = { readonly status: number; readonly body: unknown } | 'CUT';

export type Route = {
  readonly path: `/${string}`;
  /** The caller shows it as a bearer token, else 401. */
  readonly key: string;
  /** Gets the parsed body; throws PublicError for what the caller did wrong. */
  readonly answer: (body: unknown) => Promise<RouteAnswer>;
};

export type JsonDoorOptions = {
  readonly name: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: Logger;
  readonly routes: readonly Route[];
};

/**
 * A door of POST routes with JSON in and out, for a process that is no subgraph. Bodies, headers
 * and times are bounded as at the other doors. Nothing listens until `start`.
 */
export function serveJson(options: JsonDoorOptions): Door {
  const { name, host, port, routes } = options;
  const log = options.log.child({ service: name, module: 'door' });
  const app = createServer();
  const farewell = farewellOf(app, closeGraceMs);
  answerErrors(app, createErrorMask(log));
  recordRequests(app, { name, log, records: new WeakMap<FastifyRequest, RequestRecord>() });
  for (const route of routes) mount(app, route);

  let url = '';
  let listening = false;
  return {
    name: `${name}-door`,
    get url() {
      return url;
    },
    async start() {
      url = await listen(app, { host, port, variable: `${envPrefix(name)}_PORT` });
      listening = true;
      log.info({}, `${name} answers at ${url}`);
    },
    async close() {
      listening = false;
      await farewell.drain();
    },
    ...farewell,
    ready: async () => listening,
  };
}

function mount(app: FastifyInstance, { path, key, answer }: Route): void {
  app.post(path, {
    // Before the body is read, so that a stranger costs nothing.
    onRequest: async ({ headers }) => refuseStranger(headers.authorization, key),
    handler: async ({ body, raw }, reply) => {
      const given = await answer(body);
      if (given !== 'CUT') return reply.code(given.status).send(given.body);
      reply.hijack();
      raw.socket.destroy();
      return reply;
    },
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function refuseStranger(shown: string | undefined, key: string): void {
  if (timingSafeEqual(digest(shown ?? ''), digest(`Bearer ${key}`))) return;
  throw new PublicError('UNAUTHENTICATED', 'Expected a valid key as bearer token.');
}

import type { FastifyRequest } from 'fastify';
import type { Logger } from '../process/logging.ts';
import { createErrorMask, PublicError } from './errors.ts';
import { farewellOf } from './farewell.ts';
import { answerErrors } from './http-errors.ts';
import { envPrefix, listen } from './listen.ts';
import { type RequestRecord, recordRequests } from './request-log.ts';
import { closeGraceMs, createServer } from './server.ts';
import type { Door } from './subgraph.ts';

export type Page = { readonly type: string; readonly body: string };

export type PageDoorOptions = {
  readonly name: string;
  /** Loopback unless told: a container's own network ends at its own addresses. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: Logger;
  /** What each path answers to GET. */
  readonly pages: Readonly<Record<`/${string}`, () => Page>>;
};

const loopback = '127.0.0.1';
const ownNames: ReadonlySet<string> = new Set([loopback, 'localhost']);

/**
 * Pages for a person's browser on this machine, without sign-in: it listens on loopback unless
 * told, and refuses whoever came by another name, as a page elsewhere would that was given this
 * address. Nothing in an answer is run or loaded. Nothing listens until `start`.
 */
export function servePages(options: PageDoorOptions): Door {
  const { name, host = loopback, port, pages } = options;
  const log = options.log.child({ service: name, module: 'door' });
  const app = createServer();
  const farewell = farewellOf(app, closeGraceMs);
  answerErrors(app, createErrorMask(log));
  recordRequests(app, { name, log, records: new WeakMap<FastifyRequest, RequestRecord>() });
  for (const [path, answer] of Object.entries(pages)) {
    app.get(path, async ({ hostname }, reply) => {
      if (!ownNames.has(hostname)) throw new PublicError('FORBIDDEN', 'This is not for you.');
      const { type, body } = answer();
      return reply
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
        .type(type)
        .send(body);
    });
  }

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

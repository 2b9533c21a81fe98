import type { Logger } from '@simplebank/chassis/logging';
import type { Shared } from '@simplebank/chassis/shared';
import type { Clock } from '@simplebank/kernel/clock';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Respond } from '../request/respond.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { openApiOf } from './openapi.ts';
import type { RestRoute } from './rest.ts';
import { mountMethods, mountRestRoutes } from './rest-routes.ts';

type RestDoor = {
  /** Of the gateway. */
  readonly name: string;
  readonly routes: readonly RestRoute[];
  readonly sessions: boolean;
  readonly schema: GraphQLSchema;
  readonly respond: Respond;
  readonly shared: Shared;
  readonly clock: Clock;
  readonly log: Logger;
};

const documentPath = '/openapi.json';

/** All REST of a gateway: its declarations, and the document that is made of them. */
export function mountRestDoor(app: FastifyInstance, door: RestDoor): void {
  const { schema, respond, clock, routes } = door;
  mountRestRoutes(app, routes, { schema, respond, kept: createKeptAnswers(door) });

  const document = JSON.stringify(openApiOf(door));
  app.get(documentPath, async (_, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  );
  app.get('/v1/health', async () => ({ ok: clock.now().toISOString() }));
  app.get('/v1/ping', async (_, reply) => reply.type('text/plain').send('OK'));
  for (const url of [documentPath, '/health', '/ping', '/v1/health', '/v1/ping']) {
    mountMethods(app, { url, methodsHere: ['GET'] });
  }
}

import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { ReadAsked } from '../http/graphql-body.ts';
import type { Callers } from '../identity/callers.ts';
import type { Strangers } from '../limits/strangers.ts';
import { type LiveBounds, usualBounds } from './bounds.ts';
import { createConnections } from './connections.ts';
import { assertFeedsFit, type Feed } from './feeds.ts';
import { createLive, type LiveOptions } from './live.ts';
import { createSse, type Sse } from './sse.ts';
import { mountSockets } from './web-socket.ts';

export type LiveSettings = {
  readonly feeds: readonly Feed[];
  /** The usual ones, unless told. */
  readonly bounds?: Partial<LiveBounds>;
};

type DoorsOptions = Omit<LiveOptions, 'feeds' | 'bounds'> & {
  readonly strangers: Strangers;
  readonly schema: GraphQLSchema;
  readonly read: ReadAsked;
  readonly callers: Pick<Callers, 'viewerOf'>;
  readonly trustedProxies: number;
};

export type LiveDoors = { readonly sse: Sse; readonly start: () => Promise<void> };

/**
 * Live updates over WebSocket and over server-sent events, both at the address of the graph.
 * They end with a reason before the gateway closes. Throws for a feed that does not fit the graph.
 */
export function openLive(
  app: FastifyInstance,
  settings: LiveSettings | undefined,
  options: DoorsOptions,
): LiveDoors | null {
  if (!settings) return null;
  const { callers, schema } = options;
  const bounds = { ...usualBounds, ...settings.bounds };
  assertFeedsFit(settings.feeds, schema);
  const live = createLive({ ...options, feeds: settings.feeds, bounds });
  const connections = createConnections({ ...options, bounds });
  const doors = { ...options, ...callers, live, connections, bounds };
  const sse = createSse(doors);
  const sockets = mountSockets(app, doors);
  app.addHook('preClose', async () => {
    sse.close();
    await sockets.close();
    await live.close();
  });
  return { sse, start: live.start };
}

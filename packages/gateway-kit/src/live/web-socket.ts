import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Viewer } from '@simplebank/chassis/auth';
import { type ErrorMask, PublicError } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import { recordLiveDrop } from '@simplebank/chassis/metrics';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Context, ServerOptions } from 'graphql-ws';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { ReadAsked } from '../http/graphql-body.ts';
import { graphqlPath } from '../http/http-error.ts';
import { addressOf } from '../limits/address.ts';
import { LimitExceeded } from '../limits/limit-exceeded.ts';
import { countedBy } from '../limits/limits.ts';
import type { Strangers } from '../limits/strangers.ts';
import type { Outcome } from '../request/steps.ts';
import { type Caller, isUnauthenticated, shownError } from './asking.ts';
import type { LiveBounds } from './bounds.ts';
import { type Connections, retryAfterMs } from './connections.ts';
import type { Live, Opened } from './live.ts';
import type { Told } from './stream.ts';

export type SocketOptions = {
  readonly service: string;
  readonly strangers: Strangers;
  readonly live: Live;
  readonly read: ReadAsked;
  /** By the headers of the upgrade, with the token of `connection_init` when it brings one. */
  readonly viewerOf: (request: Sent) => Promise<Viewer>;
  readonly connections: Connections;
  /** How many proxies before us tell the truth about addresses. */
  readonly trustedProxies: number;
  readonly bounds: LiveBounds;
  readonly mask: ErrorMask;
  readonly log: Logger;
};
type Sent = { readonly method: string; readonly headers: IncomingHttpHeaders };

export type Sockets = { readonly close: () => Promise<void> };

/** Beside those of graphql-ws: the client did not take what it was told. */
const tooSlowCode = 4413;
const goingAwayCode = 1001;
const tryAgainCode = 1013;
/** A client that does not answer our closing has its connection cut. */
const closeGraceMs = 1_000;

/** Live updates over WebSocket (`graphql-transport-ws`), at the address of the graph. */
export function mountSockets(app: FastifyInstance, options: SocketOptions): Sockets {
  const { bounds, connections, trustedProxies, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: bounds.messageBytesMax,
    handleProtocols: (offered) => handleProtocols(offered),
  });
  const server = makeServer(protocol(options));
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const address = addressOf(request, trustedProxies);
    if (request.url?.split('?', 1)[0] !== graphqlPath) return refuse(socket, '404 Not Found');
    const leave = entered(connections, address);
    if (typeof leave === 'string') return refuse(socket, leave);
    socket.once('close', leave);
    return sockets.handleUpgrade(request, socket, head, (client) => {
      const closed = server.opened(wire(client, options), {
        ...{ request, client, address, caller: null },
      });
      const stopBeating = beat(client, options);
      client.on('error', (error) => log.debug({ error }, 'a live connection failed'));
      client.once('close', (code, reason) => {
        stopBeating();
        log.info({ request_ip: address, close_code: code }, 'live ended');
        void closed(code, String(reason));
      });
    });
  });
  return {
    async close() {
      sockets.close(); // Whoever comes now is told to come later.
      for (const client of sockets.clients) client.close(goingAwayCode, 'The gateway is closing.');
      await Promise.all([...sockets.clients].map(endOf));
    },
  };
}

const endOf = (client: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => client.terminate(), closeGraceMs);
    client.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
  });

/** What gives the place back, or with which status there is none. */
function entered(connections: Connections, address: string): (() => void) | string {
  try {
    return connections.enter(address);
  } catch (error) {
    const own = error instanceof LimitExceeded && error.extensions['code'] === 'RATE_LIMITED';
    return own ? '429 Too Many Requests' : '503 Service Unavailable';
  }
}

/** The other side may never end the connection, and then nobody else would. */
function refuse(socket: Duplex, status: string): void {
  const retry = status.startsWith('404') ? '' : 'retry-after: 5\r\n';
  const head = `HTTP/1.1 ${status}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`;
  socket.end(head, () => socket.destroy());
}

/** A client that did not answer the ping before is gone, whatever its connection says. */
function beat(client: WebSocket, { bounds, service }: SocketOptions): () => void {
  let answered = true;
  client.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      recordLiveDrop({ service, reason: 'silent' });
      return client.terminate();
    }
    answered = false;
    return client.ping();
  }, bounds.pingEveryMs);
  return () => clearInterval(timer);
}

/** A stream is asked for more once its answer has left, so a client that stops reading stops it. */
function wire(client: WebSocket, { bounds, mask, service }: SocketOptions) {
  const drop = () => {
    recordLiveDrop({ service, reason: 'slow' });
    client.close(tooSlowCode, 'Too slow: connect again with the last cursor.');
    setTimeout(() => client.terminate(), closeGraceMs).unref();
  };
  return {
    protocol: client.protocol,
    send: (data: string) =>
      new Promise<void>((resolve) => {
        if (client.readyState !== WebSocket.OPEN) return resolve();
        if (client.bufferedAmount > bounds.bufferedBytesMax) drop();
        const timer = setTimeout(drop, bounds.slowAfterMs);
        client.send(data, () => {
          clearTimeout(timer);
          resolve();
        });
        return undefined;
      }),
    close: (code?: number, reason = '') => client.close(code, fitting(reason)),
    onMessage: (hear: (text: string) => Promise<void>) =>
      void client.on('message', (data) => {
        hear(String(data)).catch((error: unknown) => {
          mask.record(error, {});
          client.close(CloseCode.InternalServerError, 'Internal error.');
        });
      }),
  };
}

/** What the protocol allows; some reasons tell what the client sent. */
const reasonBytesMax = 123;
/** Of four bytes at most. */
const reasonCharsKept = 29;
const fitting = (reason: string): string =>
  Buffer.byteLength(reason) > reasonBytesMax ? `${reason.slice(0, reasonCharsKept)}…` : reason;

type Extra = {
  readonly request: IncomingMessage;
  readonly client: WebSocket;
  readonly address: string;
  caller: Caller | null;
};
type Connection = Context<Record<string, unknown>, Extra>;

function protocol(options: SocketOptions): ServerOptions<Record<string, unknown>, Extra> {
  const { live, read, bounds, mask } = options;
  return {
    connectionInitWaitTimeout: bounds.initWithinMs,
    onConnect: (connection) => greet(connection, options),
    async onSubscribe(connection, _, payload) {
      const { caller } = connection.extra;
      if (!caller) throw new Error('a subscription came before its connection was greeted');
      if (Object.keys(connection.subscriptions).length > bounds.streamsPerConnectionMax) {
        return [tooMany()];
      }
      try {
        const opened = await live.open(read(payload), caller);
        const { schema, document, name } = opened.operation;
        return { schema, document, operationName: name, contextValue: opened };
      } catch (error) {
        return [shownError(error, mask)];
      }
    },
    // The types are those of graphql-js's executor; what comes back is put on the wire by `onNext`.
    subscribe: ({ contextValue }) => (contextValue as Opened).stream as never,
    execute: ({ contextValue }) => (contextValue as Opened).answer?.() as never,
    onNext: (...[, , , , result]) => {
      const { data, errors, extensions } = result as unknown as Told & Outcome;
      return { ...(errors ? { errors } : {}), data, ...(extensions ? { extensions } : {}) };
    },
    onError: (...[{ extra }, , , errors]) => {
      dropNobody(extra);
      return errors.map((error) => shownError(unwrapped(error), mask).toJSON());
    },
  };
}

/** A connection whose token has expired or whose session has ended is of no use any more. */
function dropNobody({ caller, client }: Extra): void {
  caller?.identify().catch((error: unknown) => {
    if (isUnauthenticated(error)) client.close(CloseCode.Unauthorized, 'Unauthorized');
  });
}

const unwrapped = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? error.originalError : error;

const tooMany = () =>
  new LimitExceeded({ code: 'RATE_LIMITED', strategy: 'concurrent', retryAfterMs });

/** Who connects: by the token in `connection_init`, else as in any request. */
async function greet(connection: Connection, options: SocketOptions): Promise<boolean> {
  const { viewerOf, strangers, service } = options;
  const { request, client, address } = connection.extra;
  const given = connection.connectionParams ?? {};
  const authorization = given['authorization'] ?? given['Authorization'];
  const headers = {
    ...request.headers,
    ...(authorization === undefined ? {} : { authorization: String(authorization) }),
  };
  const identify = async () => {
    // A stream that its own name does not lead to any more ends here, with the connection.
    if (client.readyState !== WebSocket.OPEN) throw hasGone();
    return viewerOf({ method: 'GET', headers });
  };
  try {
    await strangers.meet(address, identify).catch(countedBy(service));
  } catch (error) {
    client.close(...farewell(error));
    return false;
  }
  // A WebSocket carries mutations; `viewerOf` lets no page of another origin open one by cookie.
  connection.extra.caller = { identify, address, method: 'POST' };
  return true;
}

const hasGone = () => new PublicError('UNAUTHENTICATED', 'The connection has ended.');

function farewell(error: unknown): [number, string] {
  if (isUnauthenticated(error)) return [CloseCode.Unauthorized, 'Unauthorized'];
  const forbidden = error instanceof GraphQLError && error.extensions['code'] === 'FORBIDDEN';
  return forbidden ? [CloseCode.Forbidden, 'Forbidden'] : [tryAgainCode, 'Try again later.'];
}

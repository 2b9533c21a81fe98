import type { ServerResponse } from 'node:http';
import type { Viewer } from '@simplebank/chassis/auth';
import { type ErrorMask, PublicError } from '@simplebank/chassis/errors';
import { recordLiveDrop } from '@simplebank/chassis/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidOperation } from '../operations/invalid.ts';
import type { Asked } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { shownError } from './asking.ts';
import type { LiveBounds } from './bounds.ts';
import type { Connections } from './connections.ts';
import type { Live, Opened } from './live.ts';

export type SseOptions = {
  readonly service: string;
  readonly live: Live;
  readonly viewerOf: (request: FastifyRequest) => Promise<Viewer>;
  readonly connections: Connections;
  readonly bounds: LiveBounds;
  readonly mask: ErrorMask;
};

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };
export type Sse = {
  /** Whether a request wants its answers as server-sent events. */
  readonly wants: (request: FastifyRequest) => boolean;
  /** Throws GraphQLError for what is refused before anything is told. */
  readonly tell: (asked: Asked, exchange: Exchange) => Promise<FastifyReply>;
  readonly close: () => void;
};

const eventStream = 'text/event-stream';
const cursorCharsMax = 200;
const reconnectAfterMs = 1_000;

/**
 * Operations over server-sent events, one per request (the "distinct connections" mode of
 * graphql-sse). The id of each event is its cursor: a browser that connects again sends it as
 * `last-event-id` by itself, and the stream goes on there.
 */
export function createSse(options: SseOptions): Sse {
  const { live, viewerOf, connections, mask } = options;
  const open = new Set<ServerResponse>();

  async function tell(asked: Asked, { request, reply }: Exchange): Promise<FastifyReply> {
    const { address } = storyOf(request);
    if (!reply.raw.socket) throw behindAnother();
    const caller = { identify: () => viewerOf(request), address, method: request.method };
    const leave = connections.enter(address);
    const opened = await live.open(asked, caller, lastEventId(request)).catch((error: unknown) => {
      leave();
      throw error instanceof InvalidOperation ? shownError(error, mask, request.id) : error;
    });
    const { raw } = reply.hijack();
    const ended = () => {
      leave();
      open.delete(raw);
      void opened.stream?.return(undefined);
    };
    // Whoever has gone meanwhile goes no second time.
    if (raw.destroyed) {
      ended();
      return reply;
    }
    open.add(raw);
    raw.once('close', ended);
    raw.writeHead(200, { ...reply.getHeaders(), ...headers } as Record<string, string>);
    void run(opened, writerOf(raw, options), mask).finally(ended);
    return reply;
  }

  return {
    wants: ({ headers: { accept } }) => accept?.includes(eventStream) === true,
    tell,
    close() {
      // Without the event `complete`, so that clients connect again, to another instance.
      for (const raw of open) raw.end(': the gateway is closing\n\n');
    },
  };
}

const headers = {
  'content-type': `${eventStream}; charset=utf-8`,
  'cache-control': 'no-store',
  // Proxies that gather answers would hold them back.
  'x-accel-buffering': 'no',
};

/** It would wait for a stream that may never end, and its own end would not be seen. */
const behindAnother = () =>
  new PublicError('BAD_INPUT', 'A stream needs a connection whose answers have all ended.');

function storyOf({ story }: FastifyRequest): Story {
  if (!story) throw new Error('live updates were reached without a story');
  return story;
}

function lastEventId({ headers: given }: FastifyRequest): string | null {
  const id = given['last-event-id'];
  return typeof id === 'string' && id !== '' && id.length <= cursorCharsMax ? id : null;
}

type Write = (text: string) => Promise<void>;

async function run({ stream, answer }: Opened, writer: Writer, mask: ErrorMask): Promise<void> {
  const { write, stop } = writer;
  await write(`retry: ${reconnectAfterMs}\n\n`);
  try {
    if (answer) {
      const { data, errors, extensions } = await answer();
      await write(eventOf({ errors, data, extensions }, null));
    } else {
      for await (const { cursor, ...told } of stream) await write(eventOf(told, cursor));
    }
  } catch (error) {
    await write(eventOf({ errors: [shownError(error, mask).toJSON()] }, null));
  }
  stop();
}

/** JSON escapes every line break, so an answer is one line. A cursor is base64url. */
const eventOf = (body: object, cursor: string | null): string =>
  `event: next\n${cursor ? `id: ${cursor}\n` : ''}data: ${JSON.stringify(body)}\n\n`;

type Writer = { readonly write: Write; readonly stop: () => void };

/** Each write waits until the one before has left; a client that does not take it is dropped. */
function writerOf(raw: ServerResponse, { bounds, service }: SseOptions): Writer {
  const { slowAfterMs, pingEveryMs } = bounds;
  const beat = setInterval(() => {
    if (raw.writableLength === 0 && !raw.writableEnded) raw.write(':\n\n');
  }, pingEveryMs);
  raw.once('close', () => clearInterval(beat));
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (raw.destroyed || raw.writableEnded) return resolve();
        const timer = setTimeout(() => {
          recordLiveDrop({ service, reason: 'slow' });
          raw.destroy();
        }, slowAfterMs);
        const done = () => {
          clearTimeout(timer);
          raw.off('close', done);
          resolve();
        };
        raw.once('close', done);
        raw.write(text, done);
        return undefined;
      }),
    stop() {
      clearInterval(beat);
      if (!raw.destroyed && !raw.writableEnded) raw.end('event: complete\ndata:\n\n');
    },
  };
}

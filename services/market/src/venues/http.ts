import { createOutbound, type Outbound, OutboundError } from '@simplebank/chassis/outbound';
import type { Part } from '@simplebank/chassis/process';
import type { z } from 'zod';
import { type Venue, VenueNotReached, VenueRefusedCall } from '../venue.ts';
import { Answers, CancelAnswers, Quotes, ReplaceAnswers, Reports } from './http-answers.ts';

/** How long the venue may keep a question for reports that it has not got yet. */
const reportsWaitMs = 1_000;

export type HttpVenueOptions = {
  readonly name: string;
  readonly url: string;
  /** Shown as a bearer token; no internal header goes out. */
  readonly key: string;
};

/**
 * A venue behind HTTP. Each call is one attempt within 5 s; the breaker stands around the port, so
 * there is none in the client. Answers are checked: what cannot be read is a fault of the venue.
 */
export function httpVenue(options: HttpVenueOptions): {
  readonly venue: Venue;
  readonly part: Part;
} {
  const { name } = options;
  const outbound = createOutbound({ service: 'market', dependency: name, breaking: false });
  const ask = asker(outbound, options);
  const venue: Venue = {
    name,
    place: async (orders) => (await ask('/v1/place', { orders }, Answers)).answers,
    find: async (clientIds) => (await ask('/v1/find', { clientIds }, Answers)).answers,
    cancel: async (clientIds) => (await ask('/v1/cancel', { clientIds }, CancelAnswers)).answers,
    replace: async (orders) => (await ask('/v1/replace', { orders }, ReplaceAnswers)).answers,
    reports: (after) => ask('/v1/reports', { after, waitMs: reportsWaitMs }, Reports),
    quotes: async (symbols) => {
      const { quotes } = await ask('/v1/quotes', { symbols }, Quotes);
      return new Map(quotes.map(({ symbol, ...quote }) => [symbol, quote]));
    },
  };
  const part: Part = {
    name: 'venue-client',
    start: async () => {},
    close: () => outbound.close(),
    // The market is ready without its venue: orders wait for it.
    ready: async () => true,
  };
  return { venue, part };
}

/** Throws VenueNotReached, VenueRefusedCall for a 4xx, and any other error for the rest. */
function asker(outbound: Outbound, { name, url, key }: HttpVenueOptions) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return async <S extends z.ZodType>(path: string, body: object, shape: S): Promise<z.infer<S>> => {
    const call = { url: new URL(path, url).href, method: 'POST', headers } as const;
    const sent = outbound.send({ ...call, body: JSON.stringify(body) });
    const answer = await sent.catch((error: unknown) => {
      throw wasNotReached(error) ? new VenueNotReached(name, { cause: error }) : error;
    });
    const { status } = answer;
    if (status >= 500) throw new Error(`${name}: ${path} answered ${status}`);
    if (status !== 200) {
      const isAboutContent = contentRefused.has(status);
      throw new VenueRefusedCall(`${name}: ${path} answered ${status}`, { isAboutContent });
    }
    return shape.parse(JSON.parse(answer.body));
  };
}

/** Bad request, too large, unprocessable: of a call with less in it the rest may be taken. */
const contentRefused: ReadonlySet<number> = new Set([400, 413, 422]);

const notReachedCodes = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** No connection was made, or the call never had its turn: nothing can have arrived. */
function wasNotReached(error: unknown): boolean {
  if (!(error instanceof OutboundError)) return false;
  if (error.code === 'BULKHEAD_FULL' || error.code === 'DEADLINE_EXCEEDED') return true;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && notReachedCodes.has(String(cause.code));
}

import { z } from 'zod';
import { headersNamed, type Json, json, problemsAt, schemaOf } from '../rest/openapi-parts.ts';
import { instantShown, uuidShown } from '../rest/rest-fields.ts';
import { cookieNames } from './cookies.ts';
import { csrfHeader } from './csrf.ts';
import { signInShape } from './session-routes.ts';

const names = cookieNames({ secure: true });

/** How a page says who asks; the two cookies are set and read by these calls alone. */
export const sessionSchemes: Json = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: names.access,
    description: 'Set by POST /session; no page can read it.',
  },
  refresh: {
    type: 'apiKey',
    in: 'cookie',
    name: names.refresh,
    description: 'Set by POST /session and sent to its calls only; each is good once.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: csrfHeader,
    description: 'Any value, beside a cookie, from a page of the gateway or of a known origin.',
  },
};

export const sessionHeaders: Json = {
  'set-cookie': {
    description: 'The tokens, which are in no body; empty ones when the session is over.',
    required: true,
    schema: { type: 'string' },
  },
};

const times = z.object({
  accessTokenExpiresAt: instantShown.describe('Refresh before then.'),
  refreshTokenExpiresAt: instantShown.describe('The session lasts until then unless refreshed.'),
});

const signedIn = times.extend({
  customer: z.object({
    id: uuidShown,
    number: z.string().nullable(),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
  }),
});

/** What each of these calls may answer: forged, unreadable or too much, and our own troubles. */
const everywhere = [400, 403, 405, 413, 415, 429, 500, 503];

const withCookies = (description: string, content: Json = {}): Json => ({
  description,
  headers: headersNamed(['x-request-id', 'set-cookie']),
  ...content,
});

/** The calls of `session-routes.ts`, as an OpenAPI document tells them. */
export const sessionPathsDescribed: Json = {
  '/v1/session': {
    post: {
      operationId: 'signIn',
      summary: 'Sign in with cookies',
      security: [{ csrf: [] }],
      requestBody: { required: true, ...json(schemaOf(signInShape, 'input')) },
      responses: {
        201: withCookies('Who it is, and when to refresh.', json(schemaOf(signedIn, 'output'))),
        ...problemsAt([...everywhere, 422]),
      },
    },
    delete: {
      operationId: 'signOut',
      summary: 'End the session',
      security: [{ refresh: [], csrf: [] }, { csrf: [] }],
      responses: {
        204: withCookies('There is no session any more.'),
        ...problemsAt(everywhere),
      },
    },
  },
  '/v1/session/refresh': {
    post: {
      operationId: 'refreshSession',
      summary: 'Trade the refresh token for new ones',
      security: [{ refresh: [], csrf: [] }],
      responses: {
        200: withCookies('When to refresh again.', json(schemaOf(times, 'output'))),
        ...problemsAt([...everywhere, 401]),
        409: {
          ...{ description: 'Another tab was first: the new cookies are there already.' },
          headers: headersNamed(['x-request-id']),
          ...json({ $ref: '#/components/schemas/Problem' }),
        },
      },
    },
  },
};

import type { z } from 'zod';
import {
  sessionHeaders,
  sessionPathsDescribed,
  sessionSchemes,
} from '../identity/session-document.ts';
import {
  headersNamed,
  type Json,
  json,
  problemNamed,
  problemsAt,
  schemaOf,
} from './openapi-parts.ts';
import type { RestRoute } from './rest.ts';

export type OpenApi = Json;

export type Described = {
  /** The gateway, such as `web`. */
  readonly name: string;
  readonly routes: readonly RestRoute[];
  /** Pages may sign in here and let cookies speak for them. */
  readonly sessions: boolean;
};

const version = '1.0.0';

const words: Readonly<Record<number, string>> = {
  304: 'Nothing has changed since the tag that was sent.',
  400: 'A parameter is wrong; `field` names it.',
  401: 'Nobody is signed in, or the token is not valid any more.',
  403: 'The caller may not do this at all, or a cookie came without the proof beside it.',
  404: 'It is unknown, or not for this caller to see.',
  405: 'The address has no such method; the header `allow` says which it has.',
  409: 'The idempotency key was used for another command before.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The bank refuses the command: `code` says why, and nothing has changed.',
  429: 'Too much was asked at once; `retry-after` says when to come again.',
  500: 'Something went wrong on our side; `errorId` names the record of it.',
  503: 'A part of the bank does not answer; `retry-after` says when to come again.',
};

const problem: Json = {
  type: 'object',
  properties: {
    code: { type: 'string', description: 'For programs: it stays when the message changes.' },
    message: { type: 'string', description: 'For people.' },
    requestId: { type: 'string', description: 'The header x-request-id of the answer.' },
    field: { type: 'string', description: 'Which parameter is wrong.' },
    errorId: { type: 'string', description: 'Which of our records tells more.' },
  },
  required: ['code', 'message', 'requestId'],
  additionalProperties: false,
};

/** OpenAPI 3.1 of what a gateway's declarations answer. Made from them alone, so it is the same. */
export function openApiOf({ name, routes, sessions }: Described): OpenApi {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = addressOf(route);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, sessions) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: `SimpleBank, ${name} gateway`,
      version,
      description:
        'Amounts are decimal numbers as text. Ids are numbers where an entity has one, else ' +
        'UUIDs; either is accepted. Version 1 answers without `/v1` in the path, too.',
    },
    servers: [{ url: '/' }],
    paths: { ...paths, ...(sessions ? sessionPathsDescribed : {}), ...doorPaths },
    components: {
      schemas: { Problem: problem },
      responses: problems(),
      headers: { ...headers, ...(sessions ? sessionHeaders : {}) },
      securitySchemes: { bearer, ...(sessions ? sessionSchemes : {}) },
    },
  };
}

export const addressOf = ({ path, version: number = 1 }: RestRoute): string => `/v${number}${path}`;

const bearer: Json = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };

const headers: Json = {
  'x-request-id': {
    description: 'The id of the request, in all that is written about it.',
    required: true,
    schema: { type: 'string' },
  },
  etag: {
    description: 'Changes with the answer; send it as if-none-match.',
    required: true,
    schema: { type: 'string' },
  },
  'cache-control': {
    description: 'Who may keep the answer, and for how long.',
    required: true,
    schema: { type: 'string' },
  },
  location: {
    description: 'Where to find what was made.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  },
  allow: {
    description: 'The methods that the address has.',
    required: true,
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds after which it is worth trying again.',
    required: true,
    schema: { type: 'integer', minimum: 0 },
  },
};

function operationOf(route: RestRoute, sessions: boolean): Json {
  const { name, title, access, body } = route;
  return {
    operationId: `${name}${(route.version ?? 1) === 1 ? '' : route.version}`,
    summary: title,
    ...(typeof access === 'string' ? {} : { description: `For staff: ${access.join(' or ')}.` }),
    security: [...(access === 'anyone' ? [{}] : []), ...waysToSay(route, sessions)],
    parameters: parametersOf(route),
    ...(body ? { requestBody: { required: true, ...json(schemaOf(body, 'input')) } } : {}),
    responses: responsesOf(route, sessions),
  };
}

/** A cookie comes with whatever page asks, so what changes anything wants a second proof. */
const waysToSay = ({ method }: RestRoute, sessions: boolean): Json[] => [
  { bearer: [] },
  ...(sessions ? [{ session: [], ...(method === 'GET' ? {} : { csrf: [] }) }] : []),
];

function parametersOf({ pathParameters, query, key, method }: RestRoute): Json[] {
  const idempotency = key ? [parameter('header', 'Idempotency-Key', key)] : [];
  const condition =
    method === 'GET'
      ? [{ name: 'if-none-match', in: 'header', required: false, schema: { type: 'string' } }]
      : [];
  return [
    ...Object.entries(pathParameters?.shape ?? {}).map(([name, shape]) =>
      parameter('path', name, shape as z.ZodType),
    ),
    ...Object.entries(query?.shape ?? {}).map(([name, shape]) =>
      parameter('query', name, shape as z.ZodType),
    ),
    ...idempotency,
    ...condition,
  ];
}

function parameter(place: 'path' | 'query' | 'header', name: string, shape: z.ZodType): Json {
  const { description, ...schema } = schemaOf(shape, 'input');
  const required = place === 'path' || !shape.safeParse(undefined).success;
  return { name, in: place, required, ...(description ? { description } : {}), schema };
}

/** Which statuses a call may answer: those of its declaration, and those of every call. */
function statusesOf(
  { access, method, errors = [], ...route }: RestRoute,
  sessions: boolean,
): number[] {
  const readsInput = route.pathParameters ?? route.query ?? route.body ?? route.key;
  return [
    route.success.status,
    ...(method === 'GET' ? [304] : []),
    ...(readsInput ? [400] : []),
    401,
    ...(typeof access !== 'string' || (sessions && method !== 'GET') ? [403] : []),
    ...errors,
    405,
    ...(method === 'POST' ? [413, 415] : []),
    429,
    500,
    503,
  ].sort((one, other) => one - other);
}

function responsesOf(route: RestRoute, sessions: boolean): Json {
  const { success, method } = route;
  const succeeded = [
    'x-request-id',
    ...(method === 'GET' ? ['etag', 'cache-control'] : []),
    ...(success.status === 201 ? ['location'] : []),
  ];
  const others = statusesOf(route, sessions).filter((status) => status !== success.status);
  return {
    ...problemsAt(others),
    [success.status]: {
      description: success.description,
      headers: headersNamed(succeeded),
      ...json(schemaOf(success.schema, 'output')),
    },
  };
}

/** Every answer but a success is the same wherever it is given. */
function problems(): Json {
  const all = Object.entries(words).map(([text, description]) => {
    const status = Number(text);
    const named = { description, headers: headersNamed(headersOf(status)) };
    const content = status === 304 ? {} : json({ $ref: '#/components/schemas/Problem' });
    return [problemNamed(status), { ...named, ...content }];
  });
  return Object.fromEntries(all);
}

const headersOf = (status: number): readonly string[] => [
  'x-request-id',
  ...(status === 304 ? ['etag'] : []),
  ...(status === 405 ? ['allow'] : []),
  ...(status === 429 || status === 503 ? ['retry-after'] : []),
];

/** What every door answers without a declaration. */
const doorPaths: Json = {
  '/health': {
    get: {
      operationId: 'getHealth',
      summary: 'Whether the gateway answers',
      security: [{}],
      responses: {
        200: {
          description: 'It does, and says what time it is.',
          headers: headersNamed(['x-request-id']),
          ...json({
            type: 'object',
            properties: { ok: { type: 'string', format: 'date-time' } },
            required: ['ok'],
            additionalProperties: false,
          }),
        },
      },
    },
  },
  '/ping': {
    get: {
      operationId: 'getPing',
      summary: 'Whether anybody is there',
      security: [{}],
      responses: {
        200: {
          description: 'Somebody is.',
          headers: headersNamed(['x-request-id']),
          content: { 'text/plain': { schema: { const: 'OK' } } },
        },
      },
    },
  },
};

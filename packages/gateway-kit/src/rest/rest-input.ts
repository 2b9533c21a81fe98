import { PublicError } from '@simplebank/chassis/errors';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { RestRoute } from './rest.ts';

/**
 * Path, query, body and key of a call as its declaration reads them; each may say only what it is
 * declared for. Throws PublicError BAD_INPUT that names the first parameter that is wrong.
 */
export function inputOf(route: RestRoute, request: FastifyRequest): object {
  const { pathParameters, query, body, key } = route;
  return {
    ...(query ? read(query, asObject(request.query)) : {}),
    ...(body ? read(body, bodyOf(request)) : {}),
    ...(pathParameters ? read(pathParameters, asObject(request.params)) : {}),
    ...(key ? { idempotencyKey: keyIn(key, request) } : {}),
  };
}

const asObject = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

function bodyOf({ body }: FastifyRequest): object {
  if (body !== undefined && asObject(body) !== body) {
    throw new PublicError('BAD_INPUT', 'The body is not a JSON object.', { field: 'body' });
  }
  return asObject(body);
}

function read(shape: z.ZodObject, given: object): object {
  const checked = shape.safeParse(given);
  if (checked.success) return checked.data;
  throw wrong(checked.error);
}

function keyIn(shape: z.ZodType, { headers }: FastifyRequest): unknown {
  const checked = shape.safeParse(headers['idempotency-key']);
  if (checked.success) return checked.data;
  throw wrong(checked.error, 'idempotencyKey');
}

function wrong({ issues }: z.ZodError, name?: string): PublicError {
  const [issue] = issues;
  const field = name ?? issue?.path.join('.');
  return new PublicError('BAD_INPUT', `${field}: ${issue?.message}`, { field });
}

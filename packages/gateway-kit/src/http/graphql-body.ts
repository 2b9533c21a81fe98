import { PublicError } from '@simplebank/chassis/errors';
import { z } from 'zod';
import type { Asked } from '../request/steps.ts';

const object = z.record(z.string(), z.unknown());
const shape = z.object({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: object.nullish(),
  extensions: object.nullish(),
});

/** Throws PublicError BAD_INPUT that names the part of the body that is wrong. */
export function askedIn(body: unknown): Asked {
  if (Array.isArray(body)) {
    throw new PublicError('BAD_INPUT', 'Send one operation per request.');
  }
  const checked = shape.safeParse(body);
  if (checked.success) {
    const { query, operationName, variables } = checked.data;
    return { query, operationName: operationName ?? null, variables: variables ?? {} };
  }
  const [issue] = checked.error.issues;
  const field = issue?.path.join('.');
  throw new PublicError('BAD_INPUT', 'The body is not a GraphQL request.', { field });
}

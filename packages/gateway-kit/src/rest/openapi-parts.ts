import { z } from 'zod';

/** A part of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

export const headersNamed = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

export const problemNamed = (status: number): string => `Status${status}`;

/** Answers that are the same wherever they are given, by their status. */
export const problemsAt = (statuses: readonly number[]): Json =>
  Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${problemNamed(status)}` }]),
  );

export const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

export function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io, target: 'draft-2020-12' });
  return schema;
}

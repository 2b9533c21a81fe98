import { z } from 'zod';

/** What a REST call answers. An error body is completed with the request id by the kit. */
export type RestAnswer = { readonly status: number; readonly body: unknown };

/**
 * A REST call as a declaration over one GraphQL operation. `input` checks the path, query and body
 * parameters together with `idempotencyKey` from the header of that name; the operation is checked
 * against the gateway's own graph at start.
 */
export type RestRoute<Input = unknown, Data = unknown> = {
  readonly method: 'GET' | 'POST';
  /** Served as it stands and under `/v1`. */
  readonly path: `/${string}`;
  readonly input: z.ZodType<Input>;
  readonly operation: string;
  readonly variables: (input: Input) => Readonly<Record<string, unknown>>;
  readonly answer: (data: Data, input: Input) => RestAnswer;
};

/** Keeps the types of one declaration together and forgets them for the list of all. */
export const restRoute = <Input, Data>(route: RestRoute<Input, Data>): RestRoute =>
  route as unknown as RestRoute;

/** A refusal of the domain is an answer of its own: 422 with the typed code. */
export const refused = ({ code, message }: Refusal): RestAnswer => ({
  status: 422,
  body: { code, message },
});
type Refusal = { readonly code: string; readonly message: string };

/** An id as callers write it: UUID, number or symbol; numbers may come as JSON numbers. */
export const idText = z.union([
  z.string().min(1).max(64),
  z.number().int().positive().transform(String),
]);

/** More significant digits than this a JSON number cannot carry without loss. */
const exactDigitsMax = 15;
const plainNumber = /^\d+(\.\d+)?$/;

/** An amount as number or as string, kept as text; a number that lost digits is refused. */
export const amountText = z.union([
  z.string().min(1).max(40),
  z
    .number()
    .transform(String)
    .refine((text) => plainNumber.test(text) && text.replace('.', '').length <= exactDigitsMax, {
      message: 'send a number this large or this small as a string',
    }),
]);

/** Required where money, positions or orders change (domain §1). */
export const idempotencyKey = z
  .string('send the header Idempotency-Key, the same one with each retry')
  .regex(/^[\x20-\x7e]{1,128}$/, 'the header Idempotency-Key takes 1 to 128 printable characters');

import type { Role } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { z } from 'zod';

/** What a REST call answers. An error body is completed with the request id by the kit. */
export type RestAnswer = {
  readonly status: number;
  readonly body: unknown;
  /** Of what a 201 has made, below the version that was asked. */
  readonly location?: `/${string}`;
};

/** What an answer is made of, beside the data of the graph. */
export type Told<Input> = {
  readonly input: Input;
  /** Where the request came from. */
  readonly ip: string;
  /** A part of the bank is down, and with it something that was asked for. */
  readonly degraded: boolean;
  /** The data is older than it may be, because nothing newer could be had. */
  readonly stale: boolean;
};

export type Operated = {
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** An operation that runs first where the input does not yet say what the main one needs. */
export type Lookup<Input> = {
  /** Checked against the graph at start, as the main one is. */
  readonly operation: string;
  /** Null when there is nothing to look up. */
  readonly variables: (input: Input) => Operated['variables'] | null;
  /** The input with what was found; may throw PublicError NOT_FOUND. */
  readonly found: (data: Readonly<Record<string, unknown>>, input: Input) => Input;
};

/** Statuses that a declaration adds to those which follow from its access and its parameters. */
export type OwnError = 404 | 409 | 422;

export type RestRoute<Input = unknown, Data = unknown> = {
  /** In words without blanks: what OpenAPI calls the operation. */
  readonly name: string;
  readonly title: string;
  readonly method: 'GET' | 'POST';
  /** Parameters stand in braces. Served under its version, and version 1 as it stands, too. */
  readonly path: `/${string}`;
  /** 1 unless said; versions of one path stand beside each other. */
  readonly version?: number;
  /** Who may call it; a list names the roles of which one is needed. Subgraphs decide again. */
  readonly access: 'anyone' | 'signed-in' | readonly Role[];
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** The header `Idempotency-Key`, required or not; without it the call takes none. */
  readonly key?: z.ZodType;
  readonly lookup?: Lookup<Input>;
  readonly operation: string;
  /** Asked instead when the first stands on a part that is down: it says less, but it answers. */
  readonly fallback?: string;
  /** Public data that is answered again for so long, and marked stale when there is no newer. */
  readonly keptMs?: number;
  readonly variables: (input: Input) => Operated['variables'];
  /** What the graph calls a parameter, where that is not its own name. */
  readonly fieldNames?: Readonly<Record<string, string>>;
  readonly success: {
    readonly status: 200 | 201;
    readonly description: string;
    readonly schema: z.ZodType;
  };
  readonly errors?: readonly OwnError[];
  readonly answer: (data: Data, told: Told<Input>) => RestAnswer;
};

type Given<Path, Query, Body, Key> = (Path extends z.ZodObject ? z.output<Path> : object) &
  (Query extends z.ZodObject ? z.output<Query> : object) &
  (Body extends z.ZodObject ? z.output<Body> : object) &
  (Key extends z.ZodType<string> | z.ZodOptional ? { idempotencyKey: z.output<Key> } : object);

type Typed<Path, Query, Body, Key, Data> = Omit<
  RestRoute<Given<Path, Query, Body, Key>, Data>,
  'pathParameters' | 'query' | 'body' | 'key'
> & {
  readonly pathParameters?: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly key?: Key;
};

/** Keeps the types of one declaration together and forgets them for the list of all. */
export const restRoute = <
  Data,
  Path extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodObject | undefined = undefined,
  Key extends z.ZodType | undefined = undefined,
>(
  route: Typed<Path, Query, Body, Key, Data>,
): RestRoute => route as unknown as RestRoute;

type Refusal = { readonly code: string; readonly message: string };

/** A refusal of the domain is an answer of its own: 422 with the typed code, 409 for a used key. */
export const refused = ({ code, message }: Refusal): RestAnswer => ({
  status: code === 'IDEMPOTENCY_KEY_REUSED' ? 409 : 422,
  body: { code, message },
});

/** For what is unknown, and for what the caller may not see. */
export const notFound = (what: string, field: string) =>
  new PublicError('NOT_FOUND', `There is no such ${what}.`, { field });

import { internalMessage } from '@simplebank/chassis/errors';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { statusByCode } from '../engine/answer-errors.ts';
import { InvalidOperation } from '../operations/invalid.ts';
import { answerTypeFor, plainAnswer } from './answer-type.ts';

export type Fault = {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly errorId?: string;
};

export const graphqlPath = '/graphql';
const isGraph = ({ url }: FastifyRequest) => url.split('?', 1)[0] === graphqlPath;

/** The media type of an error, which at the graph is the one that its callers accept. */
export function errorTypeFor(request: FastifyRequest): string {
  const asked = isGraph(request) ? answerTypeFor(request.headers.accept) : plainAnswer;
  return (asked ?? plainAnswer).contentType;
}

/** Turns whatever a hook or route threw into status and public fault; `record` takes the rest. */
export function describe(error: unknown, record: () => string): Fault & { status: number } {
  if (error instanceof InvalidOperation) return describe(error.errors[0], record);
  const shown = error instanceof GraphQLError ? publicFault(error) : null;
  if (shown) return shown;
  const status = requestFault(error);
  if (status !== null && error instanceof Error) {
    return { status, code: 'BAD_INPUT', message: error.message };
  }
  return { status: 500, code: 'INTERNAL', message: internalMessage, errorId: record() };
}

/** An error with a public code keeps what it says; INTERNAL only with the id of its record. */
function publicFault({ message, extensions }: GraphQLError): (Fault & { status: number }) | null {
  const { code, field, errorId } = extensions;
  const status = statusByCode[String(code)];
  if (status === undefined || (status === 500 && typeof errorId !== 'string')) return null;
  return {
    status,
    code: String(code),
    message,
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof errorId === 'string' ? { errorId } : {}),
  };
}

/** Fastify's own refusals: unreadable or oversized bodies, foreign media types. */
function requestFault(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && error.code === 'ERR_INVALID_URL') return 400;
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

/** An error as its caller expects it: GraphQL's shape at the graph, the REST shape elsewhere. */
export function bodyOf({ code, message, field, errorId }: Fault, request: FastifyRequest): object {
  const named = { ...(field ? { field } : {}), ...(errorId ? { errorId } : {}) };
  const requestId = request.id;
  return isGraph(request)
    ? { errors: [{ message, extensions: { code, requestId, ...named } }] }
    : { code, message, requestId, ...named };
}

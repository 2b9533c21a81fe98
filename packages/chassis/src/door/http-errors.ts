import type { FastifyInstance } from 'fastify';
import { type ErrorMask, internalMessage, type PublicCode, PublicError } from './errors.ts';

const statusOf: Readonly<Record<PublicCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  DEADLINE_EXCEEDED: 504,
};

const answer = (message: string, extensions: Readonly<Record<string, unknown>>) => ({
  errors: [{ message, extensions }],
});

/** Reasons of Fastify that a caller may read; its other texts stay inside. */
const reasons: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; expected a JSON object.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Expected content-type application/json.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body does not have the length it announced.',
};

/** Answers outside the graph are JSON in the shape of a GraphQL error and tell nothing inner. */
export function answerErrors(app: FastifyInstance, mask: ErrorMask): void {
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).send(answer('There is nothing here.', { code: 'NOT_FOUND' }));
  });

  app.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    if (error instanceof PublicError) {
      return reply.code(statusOf[error.code]).send(answer(error.message, error.extensions));
    }
    const { statusCode = 500, code = '' } = error;
    if (statusCode >= 400 && statusCode < 500) {
      const message = reasons[code] ?? 'The request cannot be read.';
      return reply.code(statusCode).send(answer(message, { code: 'BAD_REQUEST' }));
    }
    const errorId = mask.record(error, { request_id: request.id });
    return reply.code(500).send(answer(internalMessage, { code: 'INTERNAL', errorId }));
  });
}

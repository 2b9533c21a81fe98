import type { FastifyReply, FastifyRequest } from 'fastify';

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

/**
 * Sets the headers of an answer, and says whether the caller holds these very bytes already: then
 * the status is 304 and no body may follow.
 */
export function isNotModified(
  { request, reply }: Exchange,
  headers: Readonly<Record<string, string>>,
): boolean {
  const { vary, ...others } = headers;
  reply.headers(others);
  if (vary !== undefined) reply.header('vary', joined(reply.getHeader('vary'), vary));
  const { etag } = headers;
  if (etag === undefined || request.method !== 'GET' || reply.statusCode !== 200) return false;
  if (!names(request.headers['if-none-match'], etag)) return false;
  reply.code(304);
  return true;
}

/** Others have said before on what an answer depends. */
const joined = (before: number | string | string[] | undefined, more: string): string =>
  before === undefined ? more : `${String(before)}, ${more}`;

/** RFC 9110 compares weakly here: an encoding on the way may have weakened the tag. */
function names(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

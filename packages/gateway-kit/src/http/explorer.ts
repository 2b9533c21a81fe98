import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { graphqlPath } from './http-error.ts';

/** What the explorer shows when it is opened for the first time. */
export type Explorer = {
  readonly title: string;
  readonly defaultQuery: string;
  /** JSON; GraphiQL keeps the query in the page's address, so secrets belong here. */
  readonly defaultVariables: string;
};

const explorerPath = '/explorer';
/** A comment, because GraphiQL sends what stands here from the first question on. */
const headersHint = '{\n  // "authorization": "Bearer <accessToken>"\n}\n';

/** Everything is inside the page; it may speak to this gateway and to nobody else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves GraphiQL at `/explorer` from the package's own files, and leads `/` there. */
export function mountExplorer(app: FastifyInstance, explorer: Explorer): void {
  let page: Promise<Buffer> | null = null;
  app.get('/', async (_, reply) => reply.redirect(explorerPath));
  app.get(explorerPath, async (request, reply) => {
    // Nine megabytes of page are made for the first who asks, and kept small.
    page ??= render(explorer);
    const zipped = await page.catch((error: unknown) => {
      page = null; // the next who asks is not told of a trouble that has passed
      throw error;
    });
    reply.type('text/html; charset=utf-8').header('vary', 'accept-encoding');
    reply.header('content-security-policy', contentSecurityPolicy);
    if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(await unzip(zipped));
    return reply.header('content-encoding', 'gzip').send(zipped);
  });
}

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const acceptsGzip = (header: string | undefined) => /\bgzip\b/.test(header ?? '');

async function render({ title, defaultQuery, defaultVariables }: Explorer): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title,
    endpoint: graphqlPath,
    defaultTabs: [{ query: defaultQuery, variables: defaultVariables, headers: headersHint }],
    headers: headersHint,
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  });
  return zip(page);
}

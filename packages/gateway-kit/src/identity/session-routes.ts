import { PublicError } from '@simplebank/chassis/errors';
import type { Clock } from '@simplebank/kernel/clock';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Respond } from '../request/respond.ts';
import type { Story } from '../request/story.ts';
import { mountMethods } from '../rest/rest-routes.ts';
import { type NewTokens, sessionPaths } from './cookies.ts';
import { refreshText, resultIn, signInText, signOutText } from './session-operations.ts';
import type { Browser } from './viewer.ts';

type Refusal = { readonly __typename: string; readonly code: string; readonly message: string };
type Tokens = NewTokens & { readonly accessTokenExpiresAt: string };
type SignedIn = Partial<Refusal> & { readonly tokens?: Tokens; readonly customer?: object };
type Refreshed = Partial<Refusal> & { readonly tokens?: Tokens };

export type SessionParts = {
  readonly browser: Browser;
  readonly respond: Respond;
  readonly clock: Clock;
};

export const signInShape = z.object({ email: z.string().max(320), password: z.string().max(512) });
/** The winner's cookies are on their way to the same browser: the request is to be made again. */
const tradedElsewhere = 'TOKEN_JUST_USED';

/**
 * Sign in, refresh and sign out for browsers: the operations of the graph, with the tokens kept in
 * cookies and never in a body. The scope's stories are anonymous, and every call is checked against
 * forgery, for a page that signs its visitor in as somebody else does harm, too.
 */
export function mountSession(scope: FastifyInstance, parts: SessionParts): void {
  const calls = createSessionCalls(parts);
  for (const path of sessionPaths) {
    scope.post(path, calls.signIn);
    scope.delete(path, calls.signOut);
    mountMethods(scope, { url: path, methodsHere: ['POST', 'DELETE'] });
    scope.post(`${path}/refresh`, calls.refresh);
    mountMethods(scope, { url: `${path}/refresh`, methodsHere: ['POST'] });
  }
}

/** Runs one of the graph's operations as whoever sent the request. */
const runner = (respond: Respond) =>
  async function run<T>(request: FastifyRequest, query: string, input: object): Promise<T> {
    const asked = { query, operationName: null, variables: { input } };
    const { outcome } = await respond(asked, storyOf(request));
    return resultIn<T>(outcome);
  };

/** The body tells when to refresh; what to refresh with stays in the cookies. */
const keeper =
  ({ cookies, clock }: Pick<Browser, 'cookies'> & Pick<SessionParts, 'clock'>) =>
  (reply: FastifyReply, tokens: Tokens) => {
    const { accessTokenExpiresAt, refreshTokenExpiresAt } = tokens;
    reply.header('set-cookie', cookies.set(tokens, clock.now()));
    return { accessTokenExpiresAt, refreshTokenExpiresAt };
  };

function createSessionCalls({ browser, respond, clock }: SessionParts) {
  const { cookies } = browser;
  const run = runner(respond);

  const keep = keeper({ cookies, clock });

  return {
    async signIn(request: FastifyRequest, reply: FastifyReply) {
      const done = await run<SignedIn>(request, signInText, credentialsIn(request.body));
      const { tokens, customer } = done;
      if (!tokens) return refuse(request, reply.code(422), done);
      return reply.code(201).send({ customer, ...keep(reply, tokens) });
    },

    /**
     * A neighbour on a subdomain can plant the cookie of its own session here, but not the other:
     * without it our page would go on as somebody else.
     */
    async refresh(request: FastifyRequest, reply: FastifyReply) {
      const { access, refresh: refreshToken } = cookies.read(request.headers.cookie);
      if (refreshToken === null || access === null)
        throw new PublicError('UNAUTHENTICATED', 'Please sign in.');
      const done = await run<Refreshed>(request, refreshText, { refreshToken });
      if (done.tokens) return reply.send(keep(reply, done.tokens));
      if (done.code === tradedElsewhere) return refuse(request, reply.code(409), done);
      reply.header('set-cookie', cookies.clear());
      return refuse(request, reply.code(401), done);
    },

    /** The cookies go once the session has ended: a sign-out that failed is not claimed. */
    async signOut(request: FastifyRequest, reply: FastifyReply) {
      const refreshToken = cookies.read(request.headers.cookie).refresh;
      if (refreshToken !== null) await run(request, signOutText, { refreshToken });
      return reply.header('set-cookie', cookies.clear()).code(204).send();
    },
  };
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Partial<Refusal>) {
  const { code, message } = refusal;
  return reply.send({ code, message, requestId: request.id });
}

function credentialsIn(body: unknown) {
  const read = signInShape.safeParse(body);
  if (read.success) return read.data;
  const field = read.error.issues[0]?.path.join('.') || undefined;
  throw new PublicError('BAD_INPUT', 'Expected an email and a password.', { field });
}

function storyOf({ story }: FastifyRequest): Story {
  if (!story) throw new Error('a session was asked for without a story');
  return story;
}

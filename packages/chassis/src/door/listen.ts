import type { FastifyInstance } from 'fastify';

export type ListenOptions = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The variable that moves the port, for the message when it is taken. */
  readonly variable: string;
};

/** Where a door's own settings live in the environment: `web-gateway` has `WEB_GATEWAY_PORT`. */
export const envPrefix = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** Listens and answers the URL. Throws with the variable's name when the port cannot be had. */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<string> {
  const { host, port, variable } = options;
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw new Error(reason(error, options) ?? `${variable}: cannot listen on ${host}:${port}.`, {
      cause: error,
    });
  }
}

function reason(error: unknown, { host, port, variable }: ListenOptions): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken. Stop what listens there, or set ${variable} to a free port.`;
    case 'EACCES':
      return `Port ${port} needs more rights than this user has. Set ${variable} above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; ${variable} has nowhere to listen.`;
    default:
      return null;
  }
}

const sweepMs = 50;

/**
 * Closes a door: idle connections at once, running requests when they end, what is left after
 * `graceMs` by force.
 */
export async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), graceMs);
  // A connection whose request ends now stays open for the next one, which will never come.
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs);
  try {
    await app.close();
  } finally {
    clearTimeout(force);
    clearInterval(sweep);
  }
}

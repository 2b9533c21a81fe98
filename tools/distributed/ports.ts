import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

const loopback = '127.0.0.1';
/** Below the ports that systems give to outgoing connections: nobody takes one of these by luck. */
const lowest = 10_000;
const highest = 32_000;
const attemptsMax = 200;

export type ReservedPorts = {
  /** The next one, which stays reserved until `release`. */
  readonly next: () => Promise<number>;
  /** To be called right before the processes start that will listen there. */
  readonly release: () => Promise<void>;
};

const tryPort = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, loopback, () => resolve(server));
  });

async function reserve(): Promise<{ port: number; server: Server }> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const port = randomInt(lowest, highest);
    const server = await tryPort(port);
    if (server) return { port, server };
  }
  throw new Error(`No free port between ${lowest} and ${highest} was found.`);
}

/** Ports of this machine that are free, each held by a listener until they are needed. */
export function reservePorts(): ReservedPorts {
  const held: Server[] = [];
  return {
    next: async () => {
      const { port, server } = await reserve();
      held.push(server);
      return port;
    },
    release: async () => {
      const closing = held.splice(0).map((server) => new Promise((done) => server.close(done)));
      await Promise.all(closing);
    },
  };
}

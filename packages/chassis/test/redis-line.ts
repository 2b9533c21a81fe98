import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A line to Redis that a test can cut, or let hang without cutting it. */
export type RedisLine = {
  readonly url: string;
  cut(): Promise<void>;
  hang(): void;
  mend(): Promise<void>;
  close(): Promise<void>;
};

export async function openRedisLine(redisUrl: string): Promise<RedisLine> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let hangs = false;
  const server = createServer((near) => {
    const far = connect(Number(port || 6379), hostname);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      sockets.add(from);
      from.pipe(to);
      if (hangs) from.pause();
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };
  const cut = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  const own = await listen(0);
  return {
    url: `redis://127.0.0.1:${own}`,
    cut,
    hang: () => {
      hangs = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    async mend() {
      hangs = false;
      // What hangs stays so, as behind a broken network: only a new connection gets through.
      if (!server.listening) await listen(own);
    },
    close: cut,
  };
}

import { connect, createServer, type Socket } from 'node:net';

export type Proxy = {
  readonly port: number;
  /** That are open towards us now. */
  connections(): number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Keeps connections and takes new ones, and nothing gets through either way. */
  silence(): void;
  restore(): void;
  close(): Promise<void>;
};

/** A wire that can be cut, between us and a server. */
export async function startProxy(targetUrl: string): Promise<Proxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const nears = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    nears.add(near);
    near.on('close', () => nears.delete(near));
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (!isSilent) one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the proxy has no port');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    connections: () => nears.size,
    cut,
    silence: () => {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: () => {
      // What was said into the silence is lost with its connection.
      if (isSilent) for (const socket of sockets) socket.destroy();
      isCut = false;
      isSilent = false;
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The same address by way of the proxy. */
export const through = (url: string, { port }: Proxy): string =>
  Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;

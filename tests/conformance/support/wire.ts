import { connect, createServer, type Socket } from 'node:net';

/** A wire to a server that can be cut, or that takes everything and never answers. */
export type Wire = {
  readonly url: string;
  cut(): void;
  hang(): void;
  /** As new: what hung is ended, for nobody waits for it any more. */
  restore(): void;
  close(): Promise<void>;
};

type State = 'whole' | 'cut' | 'hung';

export async function openWire(targetUrl: string): Promise<Wire> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let state: State = 'whole';
  const keep = (socket: Socket, other: Socket | null) => {
    sockets.add(socket);
    socket.on('error', () => other?.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other?.destroy();
    });
  };
  const server = createServer((near) => {
    if (state === 'cut') return near.destroy();
    if (state === 'hung') return keep(near, null);
    const far = connect(Number(target.port), target.hostname);
    keep(near, far);
    keep(far, near);
    near.pipe(far).pipe(near);
  });
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listening(server);
  return {
    url: Object.assign(new URL(targetUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    cut: () => {
      state = 'cut';
      endAll();
    },
    hang: () => {
      state = 'hung';
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: () => {
      state = 'whole';
      endAll();
    },
    close: async () => {
      endAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the wire has no port');
  return address.port;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

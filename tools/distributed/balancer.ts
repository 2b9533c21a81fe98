import {
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isReady } from './readiness.ts';

/** One instance behind a balancer. */
type Target = { readonly url: string; readonly operationsUrl: string };

export type Balancer = {
  /** The one address of all targets. */
  readonly url: string;
  /** A new target takes requests after its first good health check. */
  readonly add: (target: Target) => void;
  /** How many requests each target was given, by its address. */
  readonly given: () => Readonly<Record<string, number>>;
  readonly close: () => Promise<void>;
};

const checkEveryMs = 250;
const loopback = '127.0.0.1';

type Watched = Target & { up: boolean; given: number };

/** Takes turns among the targets that are up, which it knows by asking each again and again. */
function watchTargets() {
  const targets: Watched[] = [];
  let turn = 0;
  let open = true;

  async function watch(target: Watched): Promise<void> {
    while (open) {
      target.up = await isReady(target.operationsUrl);
      await pause(checkEveryMs);
    }
  }
  return {
    add(target: Target): void {
      const watched = { ...target, up: false, given: 0 };
      targets.push(watched);
      void watch(watched);
    },
    /** The next one that is up and was not tried yet. */
    next(tried: ReadonlySet<Watched>): Watched | null {
      const ready = targets.filter((each) => each.up && !tried.has(each));
      turn += 1;
      const chosen = ready[turn % Math.max(ready.length, 1)] ?? null;
      if (chosen) chosen.given += 1;
      return chosen;
    },
    given: () => Object.fromEntries(targets.map(({ url, given }) => [url, given])),
    stop(): void {
      open = false;
    },
  };
}

type Targets = ReturnType<typeof watchTargets>;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

type Passing = {
  readonly request: IncomingMessage;
  readonly answer: ServerResponse;
  readonly body: Buffer;
};

/**
 * 'untried' when no connection came about, so that another target may have the request. What was
 * sent is never sent again: nobody knows whether it was carried out.
 */
function passTo(target: Watched, { request, answer, body }: Passing): Promise<'done' | 'untried'> {
  const { method, headers, url: path } = request;
  return new Promise((resolve) => {
    let connected = false;
    // A connection for each request: none is used again that the other side is about to end.
    const options = { method, headers: { ...headers, connection: 'close' }, agent: false };
    const sent = openRequest(new URL(path ?? '/', target.url), options, (heard) => {
      const { connection, 'keep-alive': keepAlive, ...told } = heard.headers;
      answer.writeHead(heard.statusCode ?? 502, told);
      heard.pipe(answer);
      heard.once('close', () => {
        if (!heard.complete) answer.destroy();
        resolve('done');
      });
    });
    sent.once('socket', (socket) => socket.once('connect', () => (connected = true)));
    sent.once('error', () => {
      if (!connected) {
        resolve('untried');
        return;
      }
      if (answer.headersSent) answer.destroy();
      else refuse(answer, 502);
      resolve('done');
    });
    answer.once('close', () => sent.destroy());
    sent.end(body);
  });
}

function refuse(answer: ServerResponse, status: number): void {
  answer.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
  answer.end('{"errors":[{"message":"No instance answers."}]}');
}

async function pass(targets: Targets, request: IncomingMessage, answer: ServerResponse) {
  const passing = { request, answer, body: await bodyOf(request) };
  const tried = new Set<Watched>();
  for (let target = targets.next(tried); target; target = targets.next(tried)) {
    if ((await passTo(target, passing)) === 'done') return;
    target.up = false;
    target.given -= 1;
    tried.add(target);
  }
  if (!answer.destroyed) refuse(answer, 503);
}

const headText = ({ method, url, rawHeaders }: IncomingMessage): string => {
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`],
  );
  return `${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
};

/** A WebSocket stays with the instance that took it. */
function passUpgrade(targets: Targets, request: IncomingMessage, { socket, head }: Upgrade): void {
  const target = targets.next(new Set());
  if (!target) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
    return;
  }
  const { hostname, port } = new URL(target.url);
  const sent = connect(Number(port), hostname);
  sent.once('error', () => socket.destroy());
  socket.once('error', () => sent.destroy());
  socket.once('close', () => sent.destroy());
  sent.once('close', () => socket.destroy());
  sent.write(headText(request));
  sent.write(head);
  sent.pipe(socket);
  socket.pipe(sent);
}

type Upgrade = { readonly socket: Socket; readonly head: Buffer };

const listenOn = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => resolve((server.address() as AddressInfo).port));
  });

/**
 * A round robin over HTTP: each request to the next instance that is ready, so that keep-alive ties
 * no caller to one. An instance that dies or hangs loses its turn within a health check.
 * Port 0 takes a free one.
 */
export async function openBalancer(wished: number): Promise<Balancer> {
  const targets = watchTargets();
  const server = createServer((request, answer) => {
    pass(targets, request, answer).catch(() => answer.destroy());
  });
  server.on('upgrade', (request, socket: Socket, head: Buffer) =>
    passUpgrade(targets, request, { socket, head }),
  );
  const port = await listenOn(server, wished);
  return {
    url: `http://${loopback}:${port}`,
    add: targets.add,
    given: targets.given,
    close: async () => {
      targets.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

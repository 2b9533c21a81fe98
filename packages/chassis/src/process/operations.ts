import { fastify } from 'fastify';
import { closeWithin, listen } from '../door/listen.ts';
import { collectProcessMetrics, metrics } from './metrics.ts';
import type { Part } from './process.ts';

export type OperationsOptions = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The variable that moves the port. */
  readonly variable: string;
  /** What must be ready; asked at each probe, because parts come after this port. */
  readonly parts: () => readonly Part[];
};

/** Never public: it tells health and metrics to whoever asks. */
export type Operations = Part & { readonly url: string };

const readyMsMax = 2_000;
const closeGraceMs = 1_000;
const receiveWithinMs = 5_000;

/** GET /health/live, /health/ready and /metrics of one operating-system process. */
export function createOperations(options: OperationsOptions): Operations {
  const { host, port, variable, parts } = options;
  const app = fastify({
    requestTimeout: receiveWithinMs,
    // Node's own 60 s for headers would keep the time-out of the request from working.
    http: { headersTimeout: receiveWithinMs, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: true,
  });

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const asked = parts();
    const states = await Promise.all(
      asked.map(async (part) => [part.name, await isReady(part)] as const),
    );
    const ready = states.length > 0 && states.every(([, state]) => state);
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', parts: Object.fromEntries(states) });
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });

  let url = '';
  return {
    name: 'operations',
    get url() {
      return url;
    },
    async start() {
      collectProcessMetrics();
      url = await listen(app, { host, port, variable });
    },
    close: () => closeWithin(app, closeGraceMs),
    ready: async () => url !== '',
  };
}

/** A part that throws or does not answer in time is not ready; it must not hang the probe. */
async function isReady(part: Part): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, readyMsMax, false);
  });
  try {
    return await Promise.race([part.ready(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

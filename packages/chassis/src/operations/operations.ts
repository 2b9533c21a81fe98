import { type FastifyInstance, fastify } from 'fastify';
import { closeWithin, listen } from '../door/listen.ts';
import { collectProcessMetrics, metrics } from '../process/metrics.ts';
import type { Part } from '../process/process.ts';
import { observedOutbound } from './outbound-window.ts';
import { answersInTime } from './probe.ts';
import { createReadiness } from './readiness.ts';

export type OperationsOptions = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The variable that moves the port. */
  readonly variable: string;
  /** What must be ready; asked at each probe, because parts come after this port. */
  readonly parts: () => readonly Part[];
  /** Once true the process is not ready any more, whatever its parts say. */
  readonly isStopping?: () => boolean;
};

/** Never public: it tells health and metrics to whoever asks. */
export type Operations = Part & { readonly url: string };

/** What a part answers on the operations port, beside the routes that every process has. */
export type OperationsAnswer = { readonly status: number; readonly body: unknown };
export type OperationsAsked = {
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};
export type OperationsRoute = (asked: OperationsAsked) => Promise<OperationsAnswer>;

const measureMsMax = 1_500;
const measuredForMs = 1_000;
const closeGraceMs = 1_000;
const receiveWithinMs = 5_000;

/**
 * GET /health/live, /health/ready, /health/dependencies and /metrics of one operating-system
 * process, and what its parts answer besides.
 */
export function createOperations(options: OperationsOptions): Operations {
  const { host, port, variable } = options;
  const app = fastify({
    requestTimeout: receiveWithinMs,
    // Node's own 60 s for headers would keep the time-out of the request from working.
    http: { headersTimeout: receiveWithinMs, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: true,
  });
  answerOperations(app, options);

  let url = '';
  return {
    name: 'operations',
    get url() {
      return url;
    },
    async start() {
      collectProcessMetrics();
      observedOutbound.start();
      url = await listen(app, { host, port, variable });
    },
    async close() {
      observedOutbound.stop();
      await closeWithin(app, closeGraceMs);
    },
    ready: async () => url !== '',
  };
}

function answerOperations(app: FastifyInstance, options: OperationsOptions): void {
  const { parts } = options;
  const readiness = createReadiness(options);
  const measure = measurer(parts);

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const state = await readiness();
    return reply.code(state.status === 'not ready' ? 503 : 200).send(state);
  });
  app.get('/health/dependencies', async () => ({ dependencies: await dependenciesOf(parts()) }));
  app.get('/metrics', async (_request, reply) => {
    await measure();
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
  // Parts are built after this port is open, so their routes are looked up when they are asked.
  app.get('/*', async ({ url, query, headers }, reply) => {
    const path = url.split('?', 1)[0] ?? '';
    const route = parts().flatMap(({ routes }) => routes?.[path as `/${string}`] ?? [])[0];
    if (!route) return reply.code(404).send({ error: 'There is nothing here.' });
    const { status, body } = await route({ query: query as OperationsAsked['query'], headers });
    return reply.code(status).send(body);
  });
}

async function dependenciesOf(parts: readonly Part[]) {
  const told = await Promise.all(parts.map(async (part) => (await part.dependencies?.()) ?? []));
  const probed = told.flat();
  const observed = await observedOutbound.states();
  const names = new Set(probed.map(({ name }) => name));
  const circuits = new Map(observed.map(({ name, circuit }) => [name, circuit]));
  return [
    ...probed.map((state) => ({ ...state, circuit: circuits.get(state.name) ?? null })),
    ...observed.filter(({ name }) => !names.has(name)),
  ];
}

/** Lets parts bring their gauges up to date; scrapes that come together share one round. */
function measurer(parts: () => readonly Part[]): () => Promise<void> {
  let round: Promise<void> = Promise.resolve();
  let startedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - startedAt < measuredForMs) return round;
    startedAt = performance.now();
    const measured = parts().map((part) =>
      answersInTime(async () => part.measure?.(), measureMsMax),
    );
    round = Promise.all(measured).then(() => undefined);
    return round;
  };
}

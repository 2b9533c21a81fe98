import type { OperationsRoute } from '@simplebank/chassis/operations';
import { createOutbound, type Outbound } from '@simplebank/chassis/outbound';
import { createProbe, type Probe } from '@simplebank/chassis/probe';
import type { DependencyState } from '@simplebank/chassis/process';

/** What the loss of a process means to the bank (OPS-69); all others are deferrable. */
const classes: Readonly<Record<string, ProcessClass>> = {
  accounts: 'critical',
  orders: 'critical',
  market: 'critical',
  web: 'critical',
  mobile: 'critical',
  federation: 'critical',
  holdings: 'degradable',
  assets: 'degradable',
  strategies: 'degradable',
};
type ProcessClass = 'critical' | 'degradable' | 'deferrable';

export type RollupOptions = {
  /** The gateway that judges. */
  readonly name: string;
  /** The doors that it calls: the edges it judges by. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** Operations ports of processes, by name: they tell more, and of processes without a door. */
  readonly operationsUrls?: Readonly<Record<string, string>>;
};

export type Rollup = {
  readonly routes: Readonly<Record<'/health/rollup', OperationsRoute>>;
  readonly dependencies: () => Promise<readonly DependencyState[]>;
  readonly close: () => Promise<void>;
};

type Watched = { readonly name: string; readonly probes: readonly Probe[] };

/** Waiting longer would make the answer late, not better. */
const askMsMax = 1_200;

/**
 * Whether the bank works as this gateway sees it: each subgraph by the gateway's own edge to its
 * door, and by its readiness where the operations port is known. Nothing is asked until somebody
 * asks the gateway.
 */
export function createRollup(options: RollupOptions): Rollup {
  const { name: service, subgraphUrls, operationsUrls = {} } = options;
  const clients: Outbound[] = [];
  const probeOf = (name: string, url: string): Probe => {
    const dependency = `${name}-health`;
    // Beside the circuit of the calls: a trial of ours must neither open it nor close it.
    const client = createOutbound({
      ...{ service, dependency, breaking: false, timeoutMs: askMsMax },
    });
    clients.push(client);
    return createProbe({
      name,
      ask: () => client.send({ url, deadlineMs: askMsMax }).then(isFine),
    });
  };
  const doors = Object.entries(subgraphUrls).map(([name, url]) => ({
    name,
    probe: probeOf(name, new URL('/health', url).href),
  }));
  const states = Object.entries(operationsUrls).map(([name, url]) => ({
    name,
    probe: probeOf(name, new URL('/health/ready', url).href),
  }));
  const names = new Set([...doors, ...states].map(({ name }) => name));
  const watched = [...names].map((name) => ({
    name,
    probes: [...doors, ...states].filter((each) => each.name === name).map(({ probe }) => probe),
  }));
  return {
    routes: { '/health/rollup': async () => ({ status: 200, body: await rollupOf(watched) }) },
    dependencies: () => Promise.all(doors.map(({ probe }) => stateOf(probe))),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

const isFine = ({ status }: { readonly status: number }): boolean => status === 200;

async function rollupOf(watched: readonly Watched[]) {
  const processes = await Promise.all(watched.map(judged));
  const down = processes.filter(({ status }) => status === 'down');
  return { status: overall(down.map((each) => each.class)), processes };
}

async function judged({ name, probes }: Watched) {
  const looks = await Promise.all(probes.map((probe) => probe.look()));
  const status = looks.every(({ up }) => up) ? ('up' as const) : ('down' as const);
  return { name, class: classes[name] ?? ('deferrable' as const), status };
}

function overall(lost: readonly ProcessClass[]): 'healthy' | 'degraded' | 'unhealthy' {
  if (lost.includes('critical')) return 'unhealthy';
  return lost.length > 0 ? 'degraded' : 'healthy';
}

async function stateOf(probe: Probe): Promise<DependencyState> {
  const { up, latencyMs, errorRate } = await probe.look();
  const status = up ? 'up' : 'down';
  return { name: probe.name, status, latency_ms: latencyMs, error_rate: errorRate, circuit: null };
}

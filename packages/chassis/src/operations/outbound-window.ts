import { metrics } from '../process/metrics.ts';
import type { DependencyState } from '../process/process.ts';

/**
 * How each called dependency did lately, read from what the clients record anyway: the difference
 * of two readings of their histogram. Nothing is counted a second time in the hot path.
 */
const histogramName = 'simplebank_outbound_duration_seconds';
const circuitName = 'simplebank_circuit_state';
const readEveryMs = 5_000;
/** A minute of readings. */
const readingsMax = 12;

type Counts = { readonly calls: number; readonly errors: number; readonly seconds: number };
type Reading = ReadonlyMap<string, Counts>;
type Sample = {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
};

const none: Counts = { calls: 0, errors: 0, seconds: 0 };
const circuitNames = ['closed', 'half open', 'open'] as const;
const isFailure = (outcome: unknown) => outcome !== 'ok' && outcome !== 'refused';

async function samplesOf(name: string): Promise<readonly Sample[]> {
  const metric = metrics.getSingleMetric(name);
  return metric ? ((await metric.get()).values as readonly Sample[]) : [];
}

async function read(): Promise<Reading> {
  const counts = new Map<string, Counts>();
  for (const { metricName, labels, value } of await samplesOf(histogramName)) {
    const name = String(labels['dependency']);
    const { calls, errors, seconds } = counts.get(name) ?? none;
    if (metricName === `${histogramName}_count`) {
      const failed = isFailure(labels['outcome']) ? value : 0;
      counts.set(name, { calls: calls + value, errors: errors + failed, seconds });
    }
    if (metricName === `${histogramName}_sum`) {
      counts.set(name, { calls, errors, seconds: seconds + value });
    }
  }
  return counts;
}

function createObservedOutbound() {
  const readings: Reading[] = [];
  let timer: NodeJS.Timeout | null = null;
  const note = async () => {
    readings.push(await read());
    if (readings.length > readingsMax) readings.shift();
  };

  async function states(): Promise<readonly DependencyState[]> {
    const [now, circuits] = await Promise.all([read(), samplesOf(circuitName)]);
    const before = readings[0] ?? new Map<string, Counts>();
    const circuitOf = new Map(
      circuits.map(({ labels, value }) => [String(labels['dependency']), value]),
    );
    const names = new Set([...now.keys(), ...circuitOf.keys()]);
    return [...names].map((name) => {
      const lately = difference(now.get(name) ?? none, before.get(name) ?? none);
      return stateOf(name, lately, circuitOf.get(name) ?? null);
    });
  }

  return {
    states,
    start() {
      timer ??= setInterval(() => void note(), readEveryMs);
      timer.unref();
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}

const difference = (now: Counts, before: Counts): Counts => ({
  calls: now.calls - before.calls,
  errors: now.errors - before.errors,
  seconds: now.seconds - before.seconds,
});

function stateOf(name: string, { calls, errors, seconds }: Counts, circuit: number | null) {
  const errorRate = calls === 0 ? 0 : errors / calls;
  const isDown = circuit === 2 || (calls > 0 && errorRate >= 1);
  return {
    name,
    status: isDown ? ('down' as const) : ('up' as const),
    latency_ms: calls === 0 ? null : Math.round((seconds / calls) * 10_000) / 10,
    error_rate: Math.round(errorRate * 1000) / 1000,
    circuit: circuit === null ? null : (circuitNames[circuit] ?? null),
  };
}

export const observedOutbound = createObservedOutbound();

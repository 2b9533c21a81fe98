import type { DependencyState } from '../process/process.ts';
import type { Probe } from './probe.ts';

/** What a probe knows, as `/health/dependencies` shows it. */
export async function dependencyOf(probe: Probe): Promise<DependencyState> {
  const { up, latencyMs, errorRate } = await probe.look();
  return {
    name: probe.name,
    status: up ? 'up' : 'down',
    latency_ms: latencyMs,
    error_rate: errorRate,
    circuit: null,
  };
}

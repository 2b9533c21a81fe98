import type { Part } from '../process/process.ts';
import type { OperationsOptions } from './operations.ts';
import { answersInTime } from './probe.ts';

export type Readiness = {
  readonly status: 'ready' | 'degraded' | 'not ready';
  readonly parts: Readonly<Record<string, boolean>>;
};

const readyMsMax = 1_800;
/** Askers that come together get one answer: each may cost a statement. */
const freshMs = 250;

type Asking = Pick<OperationsOptions, 'parts' | 'isStopping'>;

/**
 * Ready when every part is; a part that throws or does not answer in time is not, and never hangs
 * the probe. A process that answers requests is only degraded by what it can do without.
 */
export function createReadiness({ parts, isStopping = () => false }: Asking) {
  let answer: Promise<Readiness> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async (): Promise<Readiness> => {
    if (isStopping()) return { status: 'not ready', parts: {} };
    if (answer === null || performance.now() - askedAt > freshMs) {
      askedAt = performance.now();
      answer = ask(parts());
    }
    const given = await answer;
    return isStopping() ? { status: 'not ready', parts: {} } : given;
  };
}

async function ask(parts: readonly Part[]): Promise<Readiness> {
  const states = await Promise.all(
    parts.map(async (part) => ({
      part,
      ready: await answersInTime(() => part.ready(), readyMsMax),
    })),
  );
  const servesRequests = parts.some((part) => 'url' in part);
  const lacking = states.filter(({ ready }) => !ready).map(({ part }) => part);
  const isOptional = ({ dispensable = false }: Part) => dispensable && servesRequests;
  return {
    status: statusOf(parts.length > 0 && lacking.every(isOptional), lacking.length),
    parts: Object.fromEntries(states.map(({ part, ready }) => [part.name, ready])),
  };
}

function statusOf(usable: boolean, lacking: number): Readiness['status'] {
  if (!usable) return 'not ready';
  return lacking === 0 ? 'ready' : 'degraded';
}

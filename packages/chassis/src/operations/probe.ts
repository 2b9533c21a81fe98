/** What one question to a dependency found out. */
export type ProbeState = {
  readonly up: boolean;
  readonly latencyMs: number;
  /** Of the last questions, 0 to 1. */
  readonly errorRate: number;
};

export type Probe = {
  readonly name: string;
  /** Never rejects. However many ask, the other side is asked about twice a second at most. */
  look(): Promise<ProbeState>;
};

export type ProbeOptions = {
  readonly name: string;
  /** Rejects when the other side cannot be used. */
  readonly ask: () => PromiseLike<unknown>;
};

/** Under the 2 s that an orchestrator waits for the answer (OPS-127). */
const askMsMax = 1_500;
/** A flood of probes must not become a flood of statements. */
const freshMs = 500;
const rememberedMax = 20;

/** Asks a dependency whether it can be used: bounded in time, and one question for many askers. */
export function createProbe({ name, ask }: ProbeOptions): Probe {
  const failures: boolean[] = [];
  let state: Promise<ProbeState> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function question(): Promise<ProbeState> {
    const startedAt = performance.now();
    const up = await answersInTime(ask, askMsMax);
    failures.push(!up);
    if (failures.length > rememberedMax) failures.shift();
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    // Fresh from its end: one that took its time was no cheaper.
    askedAt = performance.now();
    return { up, latencyMs, errorRate: failures.filter(Boolean).length / failures.length };
  }

  return {
    name,
    look() {
      if (state === null || performance.now() - askedAt > freshMs) {
        askedAt = Number.POSITIVE_INFINITY;
        state = question();
      }
      return state;
    },
  };
}

/** False for whatever rejects, throws or takes longer; it must not hang whoever asks. */
export async function answersInTime(
  ask: () => PromiseLike<unknown>,
  milliseconds: number,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  try {
    const answered = (async () => (await ask()) !== false)();
    return await Promise.race([answered, late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

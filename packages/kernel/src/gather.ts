type Waiting<In, Out> = {
  readonly one: In;
  readonly answer: (out: Out) => void;
  readonly fail: (error: unknown) => void;
};

export type GatherBounds = {
  /** How many run together at most. */
  readonly batchMax: number;
  /** How many may wait; one more is refused. */
  readonly waitingMax: number;
};

/** Two, so that one slow run does not hold up everybody. */
const runsAtOnce = 2;

/**
 * Runs together what is asked for at the same moment: calls start at once while nothing is under
 * way, and what comes meanwhile goes together in the next run. So an idle process answers as fast
 * as without, and a busy one makes fewer, larger runs by itself. `run` answers in the order of what
 * it was given. When a run of several fails, each is run again alone, so that nobody fails for the
 * sake of another: `run` must bear being repeated.
 *
 * @throws Error when `waitingMax` wait already, or what `run` throws for this one
 */
export function gathering<In, Out>(
  run: (batch: readonly In[]) => Promise<readonly Out[]>,
  { batchMax, waitingMax }: GatherBounds,
): (one: In) => Promise<Out> {
  const waiting: Waiting<In, Out>[] = [];
  let running = 0;

  async function runWaiting(): Promise<void> {
    running += 1;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      await settle(run, batch);
    }
    running -= 1;
  }

  return (one) =>
    new Promise((answer, fail) => {
      if (waiting.length >= waitingMax) {
        fail(new Error(`${waitingMax} wait already`));
        return;
      }
      waiting.push({ one, answer, fail });
      if (running < runsAtOnce) void runWaiting();
    });
}

async function settle<In, Out>(
  run: (batch: readonly In[]) => Promise<readonly Out[]>,
  batch: readonly Waiting<In, Out>[],
): Promise<void> {
  try {
    const answers = await run(batch.map(({ one }) => one));
    if (answers.length !== batch.length) throw new Error('a run must answer each of its calls');
    for (const [index, answer] of answers.entries()) batch[index]?.answer(answer);
  } catch (error) {
    if (batch.length > 1) await Promise.all(batch.map((alone) => settle(run, [alone])));
    else batch[0]?.fail(error);
  }
}

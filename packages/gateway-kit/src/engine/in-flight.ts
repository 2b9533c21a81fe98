/** What runs now and may be joined; beyond it reads run on their own. */
const runningMax = 10_000;

type Joining<T> = {
  /** Everything that makes two reads equal, who asks included; null is shared with nobody. */
  readonly key: string | null;
  readonly run: () => Promise<T>;
  /** How long this reader waits for another's read. */
  readonly waitMs: () => number;
  /** Whether another reader may take this as its own answer. */
  readonly isShareable: (value: T) => boolean;
};

/**
 * Equal reads at the same moment run once. Whoever joined and got nothing it can use, because the
 * first reader had less time or failed, runs its own read: nobody loses by joining. The value is
 * the same object for all: it must not be changed.
 */
export function createInFlight<T>() {
  const running = new Map<string, Promise<T>>();

  function lead(key: string, run: () => Promise<T>): Promise<T> {
    const reading = run();
    if (running.size >= runningMax || running.has(key)) return reading;
    running.set(key, reading);
    const forget = () => void running.delete(key);
    reading.then(forget, forget);
    return reading;
  }

  return async ({ key, run, waitMs, isShareable }: Joining<T>): Promise<T> => {
    if (key === null) return run();
    const other = running.get(key);
    if (!other) return lead(key, run);
    const found = await within(other, waitMs());
    return found && isShareable(found.value) ? found.value : lead(key, run);
  };
}

type Found<T> = { readonly value: T } | null;

/** What another's read came to; null when it failed or took too long. */
async function within<T>(reading: Promise<T>, waitMs: number): Promise<Found<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, waitMs), null);
  });
  const arrived = reading.then(
    (value) => ({ value }),
    () => null,
  );
  try {
    return await Promise.race([arrived, late]);
  } finally {
    clearTimeout(timer);
  }
}

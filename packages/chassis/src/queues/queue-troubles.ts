import type { Logger } from '../process/logging.ts';

/** Tells of a trouble once when it begins and once when it is over, however often it repeats. */
export type Troubles = {
  seen(error: unknown): void;
  over(): void;
};

/** How long nothing may fail before a trouble counts as over when nobody says so. */
const quietMs = 15_000;

export function watchTroubles(log: Logger, what: string): Troubles {
  let quiet: NodeJS.Timeout | null = null;
  let repeats = 0;

  const over = () => {
    if (!quiet) return;
    clearTimeout(quiet);
    quiet = null;
    log.info({}, `${what}: works again after ${repeats} failure(s)`);
    repeats = 0;
  };
  const seen = (error: unknown) => {
    repeats += 1;
    if (quiet) clearTimeout(quiet);
    else log.warn({ error, error_code: 'QUEUE_TROUBLE' }, `${what}: ${messageOf(error)}`);
    quiet = setTimeout(over, quietMs);
    quiet.unref();
  };
  return { seen, over };
}

/** Node's connection errors over several addresses have an empty message of their own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message)
    return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message || error.name : String(error);
}

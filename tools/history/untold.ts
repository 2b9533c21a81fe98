import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Runtime } from '@simplebank/chassis/process';
import type { Environment } from '../embedded/settings.ts';
import type { Untold } from './history.ts';
import { pricesOf } from './quoting.ts';
import { openAssetHistory } from './stations.ts';

/** Stands in the data folder until all of it is written; a later start goes on with it. */
export const untoldFile = 'history-untold.json';

export const noteUntold = (dataDir: string, untold: Untold): Promise<void> =>
  writeFile(join(dataDir, untoldFile), JSON.stringify(untold));

export const hasUntold = (dataDir: string): boolean => existsSync(join(dataDir, untoldFile));

/** One call takes some 100 ms of a core; the pauses leave it to whoever uses the bank. */
const companiesPerCall = 4;
const pauseMs = 250;

export type Telling = {
  readonly dataDir: string;
  /** Of every process, with the databases. */
  readonly env: Environment;
  readonly runtime: Runtime;
};

/**
 * Writes the past days of companies that nobody traded, a few at a time while the bank is open.
 * What is written stays, so a run that was stopped begins again without harm. `close` waits for the
 * call under way.
 */
export function tellUntold(telling: Telling): { readonly close: () => Promise<void> } {
  const stopping = new AbortController();
  const done = tell(telling, stopping.signal).catch((error: unknown) => {
    telling.runtime.log.error({ error, error_code: 'PAST_DAYS' }, 'past days are not written');
  });
  return {
    close: () => {
      stopping.abort();
      return done;
    },
  };
}

async function tell({ dataDir, env, runtime }: Telling, signal: AbortSignal): Promise<void> {
  const file = join(dataDir, untoldFile);
  const { seed, dates, assets } = JSON.parse(await readFile(file, 'utf8')) as Untold;
  const waiting = Object.entries(assets);
  const history = openAssetHistory(env, runtime);
  try {
    for (let start = 0; start < waiting.length; start += companiesPerCall) {
      if (signal.aborted) return;
      const some = waiting.slice(start, start + companiesPerCall);
      // Anew for each: all paths at once would fill a hundred megabytes.
      const prices = pricesOf(seed, dates);
      const days = some.flatMap(([symbol, assetId]) =>
        prices.days(symbol).map((day) => ({ ...day, assetId })),
      );
      await history.record(days, { tellsOthers: false });
      await pause(pauseMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    await history.close();
  }
  await rm(file, { force: true });
}

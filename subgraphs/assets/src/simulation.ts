import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import { type DailyCandle, dailyCandlesMax, recordDailyCandles } from './candles/index.ts';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { openDeps } from './deps.ts';
import { handlers } from './events/consumers.ts';
import { typeDefs } from './generated/type-defs.ts';
import { jobs } from './jobs.ts';
import { resolvers } from './resolvers/index.ts';

const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);

/** What assets decides, step by step, for the simulation of the whole bank. */
export async function openSteps(config: Config, runtime: Runtime): Promise<Steps> {
  const deps = openDeps(config, runtime);
  return createSteps({
    subscriber: 'assets',
    handlers: handlers(deps),
    deps,
    jobs: jobs(deps),
    graph: { schema, contextFor: (story) => createContext(deps, story) },
  });
}

export { type DailyCandle, dailyCandlesMax };

type Telling = { readonly tellsOthers: boolean };

/** Where a bank gets a past from that no quotes tell of. */
export type History = {
  /**
   * Writes days of at most `dailyCandlesMax` per call, all or none; what is known stays, and only
   * new closes are told. Answers how many days were new. Throws RangeError and CalendarUnknown as
   * `recordDailyCandles` does.
   */
  readonly record: (days: readonly DailyCandle[], telling: Telling) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** A door for whoever makes up a past: the demo bank, a simulation. */
export function openHistory(config: Config, runtime: Runtime): History {
  const deps = openDeps(config, runtime);
  const cause = { correlationId: 'history', causationId: null, traceparent: null };
  return {
    record: (days, { tellsOthers }) => recordDailyCandles(deps, { days, tellsOthers, cause }),
    close: () => deps.db.$disconnect(),
  };
}

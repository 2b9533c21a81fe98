import { databasePart } from '@simplebank/chassis/database-part';
import { eventsRoute } from '@simplebank/chassis/events-route';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { type Config, loadConfig } from './config.ts';
import { openDeps } from './deps.ts';
import { migrations } from './generated/migrations.ts';
import { quoteLoop, reportLoop, sendLoop } from './venue-loops.ts';
import { buildWorker } from './worker.ts';

async function build(config: Config, runtime: Runtime): Promise<readonly Part[]> {
  const opened = openDeps(config, runtime);
  const { deps, simulator, venueParts } = opened;
  const reports = reportLoop(deps, { isTold: simulator !== null });
  simulator?.onTrade(reports.wake);
  const send = sendLoop(deps);
  const quotes = quoteLoop(deps, config.MARKET_QUOTE_INTERVAL_MS);
  const worker = buildWorker(opened, runtime, send.wake);
  const calendar = config.MARKET_CALENDAR;
  const venue = config.MARKET_VENUE_URL ? 'behind HTTP' : 'in this process';
  deps.log.info({ calendar }, `market trades by the calendar ${calendar}; venue ${venue}`);
  const database = databasePart({ service: 'market', db: deps.db, migrations });
  const publicKeys = config.ASSERTION_PUBLIC_KEYS;
  const events = eventsRoute({ name: 'market', db: deps.db, publicKeys, runtime });
  return [database, ...venueParts, worker, reports, send, quotes, events];
}

/** Takes orders to the venue and brings back what it reports. */
export const market: ProcessDefinition<Config> = { name: 'market', loadConfig, build };

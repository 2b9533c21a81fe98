import type { Logger } from '@simplebank/chassis/logging';
import { CustomerRegisteredV1 } from '@simplebank/contracts/accounts';
import { loadConfig } from '@simplebank/market/config';
import type { Environment } from '../embedded/settings.ts';
import { readCompanies } from '../seed/companies.ts';
import { strategies } from '../seed/strategies.ts';
import type { Page } from './acts.ts';
import { hireStaff } from './cast.ts';
import { openOf, tradingDaysBefore } from './days.ts';
import { tradedSymbols, writeDiary } from './diary.ts';
import type { Told } from './lines.ts';
import { listCompanies, makeStrategies, type Named, type StrategyWish } from './listing.ts';
import { openPast, type Past } from './past.ts';
import { play } from './play.ts';
import { type Prices, pricesOf } from './quoting.ts';

/** Who did what, and with which assets. */
export type Story = {
  readonly symbols: readonly string[];
  readonly strategies: readonly StrategyWish[];
  readonly pages: (dates: readonly string[]) => readonly Page[];
};

export type HistoryOptions = {
  /** Of every process, with the databases. */
  readonly env: Environment;
  readonly log: Logger;
  /** The bank's present: the past ends here. */
  readonly now: Date;
  /** How many whole months; two years when left out. */
  readonly months?: number;
  /** That of the demo customers when left out. */
  readonly story?: Story;
};

/** Companies that nobody traded, by symbol, whose past prices are not written yet. */
export type Untold = {
  readonly seed: string;
  readonly dates: readonly string[];
  readonly assets: Readonly<Record<string, string>>;
};

const demoStory: Story = { symbols: tradedSymbols, strategies, pages: writeDiary };

/** A venue elsewhere has a past of its own, which nobody here knows. */
export const canHaveHistory = (env: Environment): boolean => !env['MARKET_VENUE_URL'];

/**
 * Gives an empty bank a past, made by its own commands at their times. The same seed of the venue
 * and the same day give the same past.
 */
export async function makeHistory(options: HistoryOptions): Promise<Untold> {
  const { env, log, now, months, story = demoStory } = options;
  const seed = seedOf(env);
  const dates = tradingDaysBefore(now, months);
  const prices = pricesOf(seed, dates);
  const registered = new Map<string, string>();
  const past = await openPast({
    ...{ seed, env, log, priceOf: prices.at, start: openOf(dates[0] ?? '') },
    hear: (event) => noteCustomer(registered, event),
  });
  const life = { dates, registered, prices, now, story };
  const others = await live(past, life).catch(async (error: unknown) => {
    // What was left undone follows from the failure, which is what has to be told.
    await past.close().catch(() => undefined);
    throw error;
  });
  await past.close();
  return { seed, dates, assets: Object.fromEntries(others) };
}

type Life = {
  readonly dates: readonly string[];
  readonly registered: Map<string, string>;
  readonly prices: Prices;
  readonly now: Date;
  readonly story: Story;
};

/** Companies that nobody traded are listed on the last day. */
async function live(past: Past, { dates, registered, prices, now, story }: Life): Promise<Named> {
  const companies = await readCompanies();
  const isTraded = ({ symbol }: { symbol: string }) => story.symbols.includes(symbol);
  const staff = await hireStaff(past);
  const traded = await listCompanies(past, staff, companies.filter(isTraded));
  await past.pump();
  const made = await makeStrategies(past, staff, story.strategies);
  const { symbols } = story;
  const scene = { past, staff, registered, strategies: made, symbols, prices };
  await play(scene, story.pages(dates), now);
  past.clock.moveTo(now);
  await recordDays(past, traded, prices);
  const untraded = companies.filter((one) => !isTraded(one));
  const others = await listCompanies(past, staff, untraded);
  await past.pump();
  await past.run('market', 'publish-quotes');
  await past.pump();
  return others;
}

/** What accounts were worth on each day follows from what their assets closed at. */
async function recordDays(past: Past, traded: Named, prices: Prices): Promise<void> {
  const days = [...traded].flatMap(([symbol, assetId]) =>
    prices.days(symbol).map((day) => ({ ...day, assetId })),
  );
  await past.record(days);
  await past.pump();
  await past.run('holdings', 'value-accounts');
  await past.pump();
}

const seedOf = (env: Environment): string => {
  const { simulator } = loadConfig(env);
  if (!simulator) throw new Error('a venue elsewhere has a past of its own');
  return simulator.VENUE_SEED;
};

/** The bank answers a newcomer nothing but that it has written to them. */
function noteCustomer(registered: Map<string, string>, { type, body }: Told): void {
  if (type !== CustomerRegisteredV1.name) return;
  const { payload } = JSON.parse(body) as { payload: CustomerRegisteredV1 };
  registered.set(payload.email, payload.customerId);
}

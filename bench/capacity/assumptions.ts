/**
 * What the model takes as given, and nothing that can be measured: change it here and write the
 * document again. Prices are round figures of public clouds, not an offer.
 */
export const assumptions = {
  /** Who the customers are: the literature's trading floor, June to August. */
  traffic: {
    usersAtFirst: 4_000,
    /** The growth of a month. */
    growth: 1.4,
    activeOnAverage: 0.2,
    activeAtPeak: 0.7,
    callsPerMinute: 30,
    hoursPerDay: 6.5,
    daysPerYear: 252,
  },
  /** Of what an instance has, at the peak: with one of three zones lost the others are at 75 %. */
  utilization: 0.5,
  /** One in each zone, whatever the load. */
  instancesMin: 3,
  node: { cores: 1, memoryGb: 1 },
  database: {
    cores: 16,
    /** Transactions made durable in a second; several share one write of the log. */
    commitsPerSecond: 10_000,
    storageGbMax: 4_000,
    /** Processes of a server; beyond it a pool has to stand in between. */
    connectionsMax: 500,
    yearsKept: 7,
  },
  /** One Redis works on one core; a queue whose keys share a hash tag lies on one of them. */
  redis: { cores: 1 },
  /** Connections that one instance opens to its own database (`<NAME>_DATABASE_POOL_MAX`). */
  connectionsPerInstance: 10,
  /** Dollars in a month. */
  prices: {
    perCore: 30,
    perMemoryGb: 4,
    databaseCore: 60,
    databaseStandbys: 1,
    storageGb: 0.12,
    redisShard: 150,
    perMillionCalls: 0.6,
  },
} as const;

type Wide<T> = T extends number ? number : { readonly [K in keyof T]: Wide<T[K]> };
export type Assumptions = Wide<typeof assumptions>;

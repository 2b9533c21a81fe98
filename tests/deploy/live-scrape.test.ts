import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type Fleet, startFleet } from '../../tools/distributed/fleet.ts';
import { openDoors, quick } from '../e2e/bank/doors.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from '../failure/support/servers.ts';
import { hasProgram } from './support/files.ts';
import { type OwnPrometheus, startOwnPrometheus, type Target } from './support/prometheus.ts';
import { announcedIn, faultOf, type Series, selectorsOf, seriesIn } from './support/promql.ts';
import { alertQueries, panelQueries } from './support/queries.ts';

const withPrometheus = hasProgram('prometheus');
const withoutPrometheus = withPrometheus ? '' : ' (skipped: no prometheus on PATH)';

/** Told by the exporters beside PostgreSQL and Redis, which a test has none of. */
const ofExporters = /\b(pg|redis)_/;

let closers: (() => Promise<void>)[] = [];
let targets: readonly Target[] = [];
let scraped: readonly Series[] = [];
let announced: ReadonlySet<string> = new Set();

/** Counted when something goes wrong, and nothing did. */
const ofTrouble =
  /^simplebank_(errors|fallback|circuit_opened|bulkhead_refusals|outbound_\w+)_total$/;

/** One buy, one sale and one call of the public health: what every metric must have seen. */
async function trade(fleet: Fleet): Promise<void> {
  const { web } = await openDoors(fleet, fleet.keys);
  const credentials = { email: 'metrics@example.com', password: 'a-password-for-metrics' };
  await signUp(web, { ...credentials, name: 'Metrics' });
  const customer = await signIn(web, credentials);
  const wish = { legalName: 'Mona Metrics', name: 'Everyday', key: 'metrics-account' };
  const { id: accountId } = await openActiveAccount(customer, wish);
  await deposit(customer, { accountId, amount: '5000', key: 'metrics-deposit' });
  for (const side of ['BUY', 'SELL'] as const) {
    // The sale needs what the buy brought.
    const order = { accountId, assetId: 'ABC', side, type: 'MARKET', quantity: '2' } as const;
    const placed = await placeOrder(customer, { ...order, idempotencyKey: `metrics-${side}` });
    await orderEnds(customer, placed);
  }
  await customer.ask(
    '{ holdings { quantity } strategies { nodes { id } } notificationPreferences { __typename } }',
  );
  for (const name of ['web', 'mobile', 'federation']) await fetch(`${fleet.urls[name]}/health`);
}

const textFrom = async ({ url }: Target): Promise<string> => (await fetch(`${url}/metrics`)).text();

const seriesFrom = ({ service }: Target, text: string): readonly Series[] => {
  const up = { metric: 'up', labels: { service, job: 'simplebank' } };
  return [up, ...seriesIn(text)];
};

describe.skipIf(withoutRedis)(`a running bank, scraped${withoutRedis}`, () => {
  beforeAll(async () => {
    const redis: OwnRedis = await startOwnRedis();
    closers.push(redis.close);
    const postgres: OwnPostgres = await startOwnPostgres();
    closers.push(postgres.close);
    const fleet = await startFleet({
      adminUrl: postgres.adminUrl,
      redisUrl: redis.url,
      env: { ...quick, RECONCILER_EVERY_MS: '1000', RECONCILER_WAIT_MS: '1000' },
    });
    closers.push(fleet.close);
    await trade(fleet);
    targets = Object.entries(fleet.operations).flatMap(([service, urls]) =>
      urls.map((url) => ({ service, url })),
    );
    const texts = await Promise.all(targets.map(textFrom));
    scraped = targets.flatMap((target, index) => seriesFrom(target, texts[index] ?? ''));
    announced = announcedIn(texts.join('\n'));
  });

  afterAll(async () => {
    const closing = closers.toReversed();
    closers = [];
    for (const close of closing) await close();
  });

  test('tells every metric, with every label, that alerts and dashboards ask for', () => {
    const faults = [...alertQueries, ...panelQueries].flatMap(({ where, expr }) =>
      selectorsOf(expr)
        .filter(({ metric }) => !ofExporters.test(metric))
        .filter(({ metric }) => !(ofTrouble.test(metric) && announced.has(metric)))
        .flatMap((selector) => {
          const fault = faultOf(selector, scraped);
          return fault ? [`${where}: ${fault}`] : [];
        }),
    );
    expect(faults).toEqual([]);
  });

  test.skipIf(!withPrometheus)(
    `answers every panel and every alert in Prometheus itself${withoutPrometheus}`,
    async () => {
      const prometheus: OwnPrometheus = await startOwnPrometheus(targets);
      try {
        const panels = panelQueries.filter(({ expr }) => !ofExporters.test(expr));
        const empty: string[] = [];
        for (const { where, expr } of panels) {
          const query = expr.replaceAll(/\$\w+/g, '.*').replaceAll('[5m]', '[1m]');
          const errors = selectorsOf(expr).some(
            ({ metric, matchers }) =>
              matchers.some(({ value }) => value === 'error') || ofTrouble.test(metric),
          );
          if ((await prometheus.count(query)) === 0 && !errors) empty.push(`${where}: ${expr}`);
        }
        // An alert is silent on a healthy bank: that it can be read, and is silent, is what counts.
        const firing: string[] = [];
        for (const { where, expr } of alertQueries) {
          if ((await prometheus.count(expr)) > 0) firing.push(where);
        }
        process.stdout.write(
          `${panels.length} panel queries, ${alertQueries.length} rules asked\n`,
        );
        expect(empty).toEqual([]);
        expect(firing.filter((where) => !/^(Slo|Order.*Ratio)/.test(where))).toEqual([]);
      } finally {
        await prometheus.close();
      }
    },
  );
});

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { deployFiles } from '../../tools/deploy/files.ts';
import { shipped } from '../../tools/deploy/shipped.ts';
import { descriptions } from '../../tools/services/descriptions.ts';
import { exists, filesIn, hasProgram, pathOf, scripts, textOf, yamlOf } from './support/files.ts';
import { selectorsOf } from './support/promql.ts';
import {
  alertFiles,
  alertGroups,
  alertQueries,
  dashboardsByFile,
  rules,
} from './support/queries.ts';

/** The table of section 9 of the platform's specification: what must wake or tell somebody. */
const table: Readonly<Record<string, readonly string[]>> = {
  HighQueueDepth: ['page', 'ticket'],
  QueueSilent: ['ticket'],
  ServiceDown: ['page', 'ticket'],
  SloLatency: ['page'],
  SloAvailability: ['page'],
  ErrorRate: ['page'],
  OrderFlowRatio: ['page'],
  OrderEventRatio: ['page'],
  FeeCaptureRatio: ['page'],
  OrderCompletionRatio: ['page'],
  StuckProcess: ['page'],
  DeadLetters: ['page', 'ticket'],
  ReconcilerDrift: ['page'],
  CircuitOpen: ['ticket'],
  CopyStale: ['ticket'],
};
const teams = [...descriptions().map(({ team }) => team), 'platform'];

test('the alerts are those that were agreed, with the severities that were agreed', () => {
  const found = Object.fromEntries(
    [...new Set(rules.map(({ alert }) => alert))].map((alert) => [
      alert,
      [
        ...new Set(rules.filter((r) => r.alert === alert).map((r) => r.labels['severity'])),
      ].toSorted(),
    ]),
  );
  expect(found).toEqual(table);
});

test('each alert says who acts, on what, and where that is written', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(teams, alert).toContain(labels['team']);
    expect(annotations['summary'], alert).not.toBe('');
    expect(annotations['runbook_url']).toBe(`docs/runbooks/${alert}.md`);
    const runbook = textOf(`docs/runbooks/${alert}.md`);
    const headings = [...runbook.matchAll(/^## (.*)$/gm)].map(([, words]) => words);
    expect(headings, alert).toEqual(['Meaning', 'First look', 'Mitigation', 'Escalation']);
  }
});

test('the five questions of every night have their page', () => {
  for (const name of [
    'where-did-an-order-fail',
    'deploy-without-touching-placement',
    'which-processes-should-have-been-called',
    'tested-across-processes',
    'what-if-one-is-down',
  ]) {
    expect(exists(`docs/runbooks/${name}.md`), name).toBe(true);
    expect(textOf('docs/runbooks/README.md')).toContain(`(${name}.md)`);
  }
});

test('every command and file that a runbook names is there', () => {
  for (const path of filesIn('docs/runbooks')) {
    const text = textOf(path);
    for (const [, script = ''] of text.matchAll(/npm run (?:-s )?([\w:]+)/g)) {
      expect(Object.keys(scripts), `${path}: npm run ${script}`).toContain(script);
    }
    for (const [, file = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      expect(exists(`docs/runbooks/${file}`), `${path}: ${file}`).toBe(true);
    }
    for (const [, file = ''] of text.matchAll(/node --import tsx (\S+\.ts)/g)) {
      expect(exists(file), `${path}: ${file}`).toBe(true);
    }
  }
});

test('queues are judged every 30 s; thresholds of objectives stand in service.yml alone', () => {
  expect(alertGroups.find(({ name }) => name === 'queue-depth')?.interval).toBe('30s');
  for (const { name, objective } of descriptions()) {
    const own = rules.filter(({ labels }) => labels['service'] === name);
    const latency = own.find(({ alert }) => alert === 'SloLatency');
    if (latency) {
      expect(latency.expr).toContain(`> ${objective.underMs} / 1000`);
      expect(latency.expr).toContain(`histogram_quantile(${objective.percentile / 100},`);
    }
    const availability = own.find(({ alert }) => alert === 'SloAvailability');
    if (availability) expect(availability.expr).toContain(`${objective.uptimePercent} / 100`);
  }
  const byHand = alertFiles
    .filter((path) => !path.endsWith('objectives.yml'))
    .map(textOf)
    .join('');
  expect(byHand).not.toMatch(/99\.99|under_ms|\b100 \/ 1000/);
});

test('what of deploy/ follows from the code is as the code says (npm run deploy:files)', () => {
  const stale = [...deployFiles()].filter(([path, text]) => !exists(path) || textOf(path) !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

test('each query of an alert is PromQL over metrics of ours', () => {
  for (const { where, expr } of alertQueries) {
    const metrics = selectorsOf(expr).map(({ metric }) => metric);
    expect(metrics.length, where).toBeGreaterThan(0);
    for (const metric of metrics) expect(metric, where).toMatch(/^(simplebank_|up$)/);
  }
});

const config = z.looseObject({
  global: z.object({ scrape_interval: z.string(), evaluation_interval: z.string() }).loose(),
  scrape_configs: z.array(
    z.looseObject({
      job_name: z.string(),
      honor_labels: z.boolean().optional(),
      static_configs: z
        .array(
          z.object({
            targets: z.array(z.string()),
            labels: z.record(z.string(), z.string()).optional(),
          }),
        )
        .optional(),
    }),
  ),
});

test('Prometheus scrapes every process, PostgreSQL and Redis each 5 s and judges each 10 s', () => {
  const { global, scrape_configs } = config.parse(yamlOf('deploy/prometheus/prometheus.yml'));
  expect([global.scrape_interval, global.evaluation_interval]).toEqual(['5s', '10s']);
  const [processes, ...servers] = scrape_configs;
  expect(processes?.honor_labels).toBe(true);
  const targets = processes?.static_configs?.map((one) => [one.targets, one.labels?.['service']]);
  expect(targets?.toSorted()).toEqual(
    shipped.map(({ name }) => [[`${name}:9400`], name]).toSorted(),
  );
  expect(servers.map(({ job_name }) => job_name)).toEqual(['postgres', 'redis']);
});

test('the dashboards that were agreed are there; timers show 0.5, 0.9 and 0.99', () => {
  const wanted = ['overview', 'place-order', 'queues', 'service', 'dependencies', 'platform'];
  expect([...dashboardsByFile.keys()].toSorted()).toEqual(wanted.toSorted());
  const placeOrder = dashboardsByFile.get('place-order')?.panels ?? [];
  expect(placeOrder.map(({ title }) => title)).toContain('Market: place on venue');
  for (const { title, targets, options } of placeOrder.slice(0, 10)) {
    const shares = targets.map(({ expr }) => /quantile\(([\d.]+)/.exec(expr)?.[1]);
    expect(shares, title).toEqual(['0.5', '0.9', '0.99']);
    expect(options.legend?.calcs, title).toEqual(['min', 'max', 'mean', 'last']);
    for (const { expr } of targets) expect(expr).toContain('[5m]');
  }
  const sources = yamlOf('deploy/grafana/provisioning/datasources/datasources.yml');
  expect(JSON.stringify(sources)).toContain('"uid":"prometheus"');
});

const promtool = hasProgram('promtool');
const skipped = promtool ? '' : ' (skipped: no promtool on PATH)';

test.skipIf(!promtool)(
  `promtool finds every rule right, and sees it fire and end${skipped}`,
  () => {
    const run = (args: readonly string[]) =>
      execFileSync('promtool', [...args], { cwd: pathOf('.'), encoding: 'utf8' });
    expect(run(['check', 'rules', ...alertFiles])).not.toContain('FAILED');
    const tests = filesIn('deploy/prometheus/tests');
    expect(run(['test', 'rules', ...tests]).match(/SUCCESS/g)).toHaveLength(tests.length);
    const fired = tests.map(textOf).join('\n');
    for (const alert of Object.keys(table)) {
      expect(fired, `${alert} fires`).toMatch(
        new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n +- exp_labels`),
      );
      expect(fired, `${alert} ends`).toMatch(new RegExp(`alertname: ${alert}, exp_alerts: \\[\\]`));
    }
  },
);

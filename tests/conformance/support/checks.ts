import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSubgraphClient } from '@simplebank/testkit/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endsWell } from './ending.ts';
import { logsWell } from './lines.ts';
import { bearsLossOfDatabase, bearsLossOfRedis, type Get, live, ready } from './losses.ts';
import { type Running, startTarget, statusOf } from './run.ts';
import { root, type Target } from './targets.ts';

const operationsRoutes = ['/health/live', '/health/ready', '/health/dependencies', '/metrics'];
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const idLabels = ['user', 'account', 'order', 'request', 'trace', 'customer', 'event_id'];

const scrape = async ({ operationsUrl }: Running) =>
  (await fetch(`${operationsUrl}/metrics`)).text();

/** Every process of these behaves alike; one that needs a Redis is passed over without one. */
export function conformance(targets: readonly Target[]): void {
  const hasRedis = Boolean(process.env['REDIS_URL']);
  for (const target of targets) {
    const runs = hasRedis || !target.needsRedis;
    const title = `${target.name}${runs ? '' : ' (skipped: REDIS_URL names no Redis)'}`;
    describe.skipIf(!runs)(title, () => conforms(target));
  }
}

function conforms(target: Target): void {
  let process: Running;
  beforeAll(async () => {
    process = await startTarget(target);
  });
  afterAll(() => process?.close());
  const running = () => process;

  startsWell(running);
  keepsPortsApart(target, running);
  measures(target, running);
  if (target.hasDoor) answersStrangers(target, running);
  if (target.kind === 'subgraphs') countsOutcomes(target, running);
  if (target.hasDatabase) bearsLossOfDatabase(target, running);
  if (target.needsRedis) bearsLossOfRedis(target, running);
  endsWell(target, running);
  logsWell(running);
}

function startsWell(running: Get): void {
  test('it is live and ready, and says once which configuration it has', async () => {
    expect([await live(running()), await ready(running())]).toEqual([200, 200]);
    const said = running()
      .lines()
      .flatMap((line) => line['config_hash'] ?? []);
    expect(said).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/)]);
  });
}

function keepsPortsApart({ kind, hasDoor }: Target, running: Get): void {
  test('operations are told on the operations port alone (OPS-73)', async () => {
    const { operationsUrl, doorUrl } = running();
    for (const route of operationsRoutes) {
      expect([route, await statusOf(`${operationsUrl}${route}`)]).toEqual([route, 200]);
      if (hasDoor) expect([route, await statusOf(`${doorUrl}${route}`)]).toEqual([route, 404]);
    }
    const rollup = kind === 'gateways' ? 200 : 404;
    expect(await statusOf(`${operationsUrl}/health/rollup`)).toBe(rollup);
    if (hasDoor) expect(await statusOf(`${doorUrl}/health/rollup`)).toBe(404);
    const asked = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect(await statusOf(`${operationsUrl}/graphql`, asked)).toBe(404);
    if (kind !== 'gateways') return;
    const health = await (await fetch(`${doorUrl}/health`)).json();
    expect(health).toEqual({ ok: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
  });
}

type Sample = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

const samplesIn = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, inner] = /^(\w+)\{(.*)\} /.exec(line) ?? [];
    if (name === undefined || inner === undefined) return [];
    const labels = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
    return [{ name, labels: Object.fromEntries(labels) }];
  });

/** What every process shows, whatever it does (OPS-85, OPS-87). */
const shownByAll = [
  'simplebank_operation_duration_seconds',
  'simplebank_outbound_duration_seconds',
  'simplebank_circuit_state',
  'simplebank_errors_total',
  'simplebank_process_cpu_seconds_total',
  'simplebank_process_resident_memory_bytes',
  'simplebank_nodejs_eventloop_lag_p99_seconds',
];
const shownByWorkers = [
  'simplebank_heartbeat_age_seconds',
  'simplebank_queue_messages',
  'simplebank_queue_oldest_seconds',
  'simplebank_jobs_processed_total',
  'simplebank_outbox_lag_seconds',
  'simplebank_seconds_since_last_event',
  'simplebank_pool_connections',
];

function measures({ name, hasDatabase, needsRedis }: Target, running: Get): void {
  test('its metrics bear names and labels of the house, and no ids (OPS-85, OPS-86)', async () => {
    const text = await scrape(running());
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, metric, type]) => [
      metric ?? '',
      type ?? '',
    ]);
    const names = types.map(([metric]) => metric);
    const wanted = [...shownByAll, ...(hasDatabase && needsRedis ? shownByWorkers : [])];
    expect(wanted.filter((metric) => !names.includes(metric))).toEqual([]);
    for (const [metric = '', type] of types) {
      expect(metric).toMatch(/^simplebank_[a-z0-9_]+$/);
      expect(metric).not.toContain(`_${name.replaceAll('-', '_')}_`);
      if (type === 'counter') expect(metric).toMatch(/_total$/);
    }
    const samples = samplesIn(text);
    expect(samples.length).toBeGreaterThan(20);
    for (const { name: metric, labels } of samples) {
      const all = { service: expect.any(String), env: 'test', version: 'conformance' };
      expect([metric, labels]).toEqual([metric, expect.objectContaining(all)]);
      expect(idLabels.filter((label) => label in labels)).toEqual([]);
      expect(Object.values(labels).join(' ')).not.toMatch(uuid);
    }
  });

  test('errors are counted from 0 on, so that the first one is a rise', async () => {
    const started = samplesIn(await scrape(running()));
    const codes = started.filter((one) => one.name === 'simplebank_errors_total');
    expect(codes.map(({ labels }) => labels['code'])).toEqual(
      expect.arrayContaining(['INTERNAL', 'UNKNOWN', 'EVENT_FAILED', 'DEAD_LETTER']),
    );
  });
}

const json = { 'content-type': 'application/json' };

/** A stranger's call, and how each kind of door refuses it. */
function strangerAt({ kind, name }: Target, doorUrl: string): [string, RequestInit, number] {
  const body = JSON.stringify({ query: '{ __typename }' });
  if (kind === 'subgraphs' || name === 'notifications') {
    return [`${doorUrl}/graphql`, { method: 'POST', headers: json, body }, 401];
  }
  if (kind === 'gateways') {
    const headers = { ...json, authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' };
    return [`${doorUrl}/graphql`, { method: 'POST', headers, body }, 401];
  }
  if (name === 'mail-catcher')
    return [`${doorUrl}/mail`, { headers: { host: 'evil.example' } }, 200];
  return [`${doorUrl}/v1/place`, { method: 'POST', headers: json, body: '{}' }, 401];
}

function answersStrangers(target: Target, running: Get): void {
  test('a caller whom it does not know is refused, under the id of the request', async () => {
    const [url, init, status] = strangerAt(target, running().doorUrl);
    const requestId = `conformance-${target.name}`;
    const headers = { ...init.headers, 'x-request-id': requestId };
    const answer = await fetch(url, { ...init, headers });
    await answer.arrayBuffer();
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, requestId]);
    await expect
      .poll(
        () =>
          running()
            .lines()
            .filter((line) => line['request_id'] === requestId).length,
      )
      .toBe(1);
  });
}

const entity = /type (\w+)[^{]*@key\(fields: "id"\)[^{]*\{/g;
const absent = '00000000-0000-4000-8000-000000000001';

/** Where the entity itself is answered without the database: a field that is not. */
const behind: Readonly<Record<string, string>> = {
  'holdings.Account': 'currentHoldings { __typename }',
};

/** A question that needs the database, whatever the subgraph: its entities by an id. */
function entityQuestion({ kind, name }: Target): string {
  const home = join(root, kind, name);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  const schema = files
    .filter((file) => file.endsWith('.graphql') && !file.includes('generated'))
    .map((file) => readFileSync(join(home, file), 'utf8'))
    .join('\n');
  const types = [...schema.matchAll(entity)]
    .filter(([text]) => !text.includes('resolvable: false'))
    .map(([, type]) => type ?? '');
  const known = types.map((type) => `{ __typename: "${type}", id: "${absent}" }`);
  const wanted = types.map((type) => `... on ${type} { id ${behind[`${name}.${type}`] ?? ''} }`);
  return `{ _entities(representations: [${known}]) { ${wanted.join(' ')} } }`;
}

function askersAt({ target, env, doorUrl }: Running) {
  const privateKey = env['ASSERTION_PRIVATE_KEY'] ?? '';
  const client = createSubgraphClient({
    ...{ url: doorUrl, audience: target.name, assertions: { privateKey } },
  });
  const staff = client.asStaff('operations', 'support');
  // Staff see accounts elsewhere: what stands behind one is a customer's to ask for.
  return { staff, asker: target.name === 'holdings' ? client.asCustomer(absent) : staff };
}

function countsOutcomes(target: Target, running: Get): void {
  const counts = async () => {
    const text = await scrape(running());
    return (outcome: string) => {
      const lines = text.split('\n').filter((line) => {
        const counted = line.startsWith('simplebank_operation_duration_seconds_count{');
        return counted && line.includes(`service="${target.name}"`);
      });
      const of = lines.filter((line) => line.includes(`outcome="${outcome}"`));
      return of.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
  };

  test('an unexpected error is one record with one id, and counts as no success', async () => {
    const { staff, asker } = askersAt(running());
    const asked = await staff.answer<object>('{ __typename }');
    expect([asked.status, asked.errors]).toEqual([200, []]);
    const before = await counts();
    expect(before('ok')).toBeGreaterThan(0);
    expect(before('refused')).toBeGreaterThan(0);
    running().database?.cut();
    const failed = asker.answer<object>(entityQuestion(target));
    const { errors } = await failed.finally(() => running().database?.restore());
    const after = await counts();
    const errorIds = errors.flatMap(({ extensions }) => extensions?.['errorId'] ?? []);
    expect(errorIds.length).toBeGreaterThan(0);
    expect(after('error')).toBe(before('error') + 1);
    expect(after('ok')).toBe(before('ok'));
    const records = () =>
      running()
        .lines()
        .filter((line) => line['error_id'] === errorIds[0]);
    await expect.poll(() => records().length).toBe(1);
    expect(records()[0]).toMatchObject({
      ...{ levelname: 'ERROR', service: target.name, version: 'conformance' },
      ...{ request_id: expect.any(String), stack_info: expect.any(String) },
    });
    expect(JSON.stringify(errors)).not.toMatch(/ECONN|Prisma|database/i);
  });
}

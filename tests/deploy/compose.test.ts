import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { secretFiles } from '../../tools/deploy/secrets.ts';
import { migrate, operationsPort, seed, shipped } from '../../tools/deploy/shipped.ts';
import { composeOf, unset } from './support/compose.ts';
import { environmentOf, stagesOf } from './support/dockerfile.ts';
import { exists, textOf } from './support/files.ts';
import { chassisVariables, loadedBy } from './support/variables.ts';

const { services, networks, secrets } = composeOf('docker-compose.yml');
const stages = stagesOf(textOf('deploy/images/Dockerfile'));
const serviceOf = (name: string) => {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no ${name}`);
  return found;
};
const processes = shipped.map(({ name }) => name);
const ours = [...processes, migrate.name, seed.name];
const watching = ['prometheus', 'grafana', 'otel-collector', 'jaeger'];

test('the whole bank is there, with its servers and what watches it', () => {
  const servers = ['postgres', 'redis', 'postgres-exporter', 'redis-exporter'];
  expect(Object.keys(services).toSorted()).toEqual([...ours, ...servers, ...watching].toSorted());
});

test.each(Object.keys(services))('%s can do nothing but its work', (name) => {
  const one = serviceOf(name);
  expect(one.read_only).toBe(true);
  expect(one.cap_drop).toEqual(['ALL']);
  expect(one.cap_add).toEqual([]);
  expect(one.privileged).toBe(false);
  expect(one.security_opt).toContain('no-new-privileges:true');
  expect(one.mem_limit).toMatch(/^\d+[mg]$/);
  expect(one.cpus).toBeGreaterThan(0);
  expect(one.image).toMatch(/:(v?\d+\.\d+|\$\{VERSION:-\d)/);
  expect(one.user).toBeDefined();
  // The engine keeps its log files for root; that reader has no capability of root's left.
  if (name !== 'otel-collector') expect(one.user).not.toMatch(/^(0|root)\b/);
});

test.each(ours)('%s is built from its own target and writes to memory only', (name) => {
  const one = serviceOf(name);
  expect(one.build?.dockerfile).toBe('deploy/images/Dockerfile');
  const target = one.build?.target ?? '';
  expect(stages.some((stage) => stage.name === target)).toBe(true);
  expect(one.image).toContain(`simplebank/${target}:`);
  if (name !== seed.name) expect(target).toBe(name);
  expect(one.tmpfs.map((mount) => mount.split(':')[0])).toEqual(['/tmp']);
  expect(one.volumes).toEqual([]);
  // 10 s to close (OPS-75), and something to say that it did not.
  expect(Number.parseInt(one.stop_grace_period ?? '', 10)).toBeGreaterThan(10);
});

test('only gateways and dashboards can be reached from outside, on this machine alone', () => {
  const open = Object.entries(services).filter(([, { ports }]) => ports.length > 0);
  const dashboards = ['prometheus', 'grafana', 'jaeger', 'mail-catcher'];
  const doors = ['web', 'mobile', 'federation', ...dashboards];
  expect(open.map(([name]) => name).toSorted()).toEqual(doors.toSorted());
  for (const [name, { ports, networks: joined }] of open) {
    expect(joined, name).toContain('edge');
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
  const inside = Object.entries(services).filter(([, { ports }]) => ports.length === 0);
  for (const [name, { networks: joined }] of inside) expect(joined, name).not.toContain('edge');
});

test('PostgreSQL and Redis are on an internal network that only their users join', () => {
  expect(serviceOf('postgres').networks).toEqual(['data']);
  expect(serviceOf('redis').networks).toEqual(['data']);
  expect(Object.entries(networks).filter(([, { internal }]) => !internal)).toEqual([
    ['edge', { internal: false }],
  ]);
  for (const name of ['mail-catcher', 'seed', 'prometheus', 'grafana', 'jaeger']) {
    expect(serviceOf(name).networks, name).not.toContain('data');
  }
});

test('every condition that somebody waits for can come true', () => {
  for (const [name, { depends_on }] of Object.entries(services)) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const target = serviceOf(other);
      if (condition === 'service_healthy') {
        expect(target.healthcheck?.test, `${name} waits for ${other}`).toBeDefined();
      } else expect([condition, other]).toEqual(['service_completed_successfully', 'migrate']);
    }
  }
});

test('published ports are those that the processes listen on', () => {
  for (const { name, port } of shipped) {
    for (const published of serviceOf(name).ports) {
      expect(Number(unset(published).split(':').at(-1)), name).toBe(port);
    }
  }
  expect(serviceOf('web').healthcheck?.test?.join(' ')).toContain(
    `:${operationsPort}/health/ready`,
  );
});

test.each(processes)(
  '%s starts with exactly these variables, and reads every one',
  async (name) => {
    const one = serviceOf(name);
    const files = await secretFiles();
    const secret = one.env_file.map((path) => files.get(path.replace('deploy/secrets/', '')) ?? '');
    const given = Object.fromEntries(
      secret
        .flatMap((text) => text.split('\n'))
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 2, -1)]),
    );
    const values = Object.entries(one.environment).map(
      ([key, value]) => [key, unset(value)] as const,
    );
    const env = { ...environmentOf(stages, name), ...Object.fromEntries(values), ...given };
    const { problems, read } = loadedBy(name, env);
    expect(problems).toEqual([]);
    const unread = Object.keys(env).filter(
      (variable) =>
        !read.has(variable) &&
        !chassisVariables.has(variable) &&
        !variable.endsWith('_OPERATIONS_PORT') &&
        !(variable in (services['web']?.environment ?? {})) &&
        variable !== 'NPM_CONFIG_UPDATE_NOTIFIER',
    );
    expect(unread).toEqual([]);
  },
);

test('each address that a process is given is a service and its port', () => {
  const known = new Map(shipped.map(({ name, port }) => [name, port]));
  const servers: Readonly<Record<string, number>> = { 'otel-collector': 4318, seed: 0 };
  for (const name of ours) {
    for (const value of Object.values(serviceOf(name).environment)) {
      if (!value.startsWith('http://')) continue;
      const { hostname, port } = new URL(value);
      expect(Number(port), `${name}: ${value}`).toBe(known.get(hostname) ?? servers[hostname]);
    }
  }
});

test('no secret stands in the file, and each process is given only its own', async () => {
  const written = [...(await secretFiles()).keys()].map((name) => `deploy/secrets/${name}`);
  for (const { file } of Object.values(secrets)) expect(written).toContain(file);
  for (const name of ours) {
    const expected = name === 'mail-catcher' ? [] : [`deploy/secrets/${name}.env`];
    expect(serviceOf(name).env_file).toEqual(expected);
  }
  expect(textOf('docker-compose.yml')).not.toMatch(
    /(PASSWORD|SECRET|_KEY)(?!__FILE|_FILE): *[^\s]/,
  );
});

test('what is mounted exists', () => {
  const mounted = Object.values(services)
    .flatMap(({ volumes }) => volumes)
    .filter((volume) => volume.startsWith('./'))
    .map((volume) => volume.slice(2).split(':')[0] ?? '');
  expect(mounted.filter((path) => !exists(path))).toEqual([]);
});

test('the two servers for a checkout are those of the whole bank', () => {
  const servers = composeOf('deploy/compose.servers.yml').services;
  expect(Object.keys(servers)).toEqual(['postgres', 'redis']);
  expect(servers['postgres']?.image).toBe(serviceOf('postgres').image);
  expect(servers['redis']?.image).toBe(serviceOf('redis').image);
});

test('log lines and spans go to the collector, and no process knows what is behind it', () => {
  const collector = parse(textOf('deploy/otel/collector.yml'));
  for (const name of processes) {
    const one = serviceOf(name);
    expect(one.logging?.driver, name).toBe('json-file');
    expect(Object.values(one.environment).join(' '), name).not.toMatch(/jaeger|lines\.json/);
    expect(one.environment['OTEL_EXPORTER_OTLP_ENDPOINT'], name).toBe('http://otel-collector:4318');
  }
  expect(serviceOf('otel-collector').volumes.join(' ')).toContain('/var/lib/docker/containers:ro');
  const { pipelines } = collector.service;
  expect(pipelines.logs.receivers).toEqual(['filelog']);
  expect(pipelines.traces.receivers).toEqual(['otlp']);
  for (const { receivers, processors, exporters } of Object.values<
    Readonly<Record<string, string[]>>
  >(pipelines)) {
    for (const each of receivers ?? []) expect(Object.keys(collector.receivers)).toContain(each);
    for (const each of processors ?? []) expect(Object.keys(collector.processors)).toContain(each);
    for (const each of exporters ?? []) expect(Object.keys(collector.exporters)).toContain(each);
  }
  expect(JSON.stringify(collector.exporters)).toContain('LOG_DAYS:-30');
});

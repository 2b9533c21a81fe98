import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { operationsPort, shipped } from '../../tools/deploy/shipped.ts';
import { documentsOf, hasProgram, pathOf, textOf } from './support/files.ts';
import { chassisVariables, loadedBy } from './support/variables.ts';

const kubectl = hasProgram('kubectl');
const skipped = kubectl ? '' : ' (skipped: no kubectl on PATH)';

const words = z.record(z.string(), z.string());
const probe = z.looseObject({
  httpGet: z.object({ path: z.string(), port: z.string() }),
  initialDelaySeconds: z.number(),
  timeoutSeconds: z.number(),
});
const container = z.looseObject({
  image: z.string(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  resources: z.object({ requests: words, limits: words }),
  securityContext: z.looseObject({}),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
});
const pod = z.looseObject({
  metadata: z.object({ labels: words }),
  spec: z.looseObject({
    terminationGracePeriodSeconds: z.number(),
    topologySpreadConstraints: z.array(z.looseObject({ topologyKey: z.string() })).default([]),
    containers: z.array(container).length(1),
    volumes: z.array(z.looseObject({ emptyDir: z.looseObject({ medium: z.string() }) })),
  }),
});
const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: words.optional(),
  }),
  spec: z.looseObject({}).optional(),
  data: words.optional(),
});
type Rendered = z.infer<typeof object>;
const deploymentSpec = z.looseObject({
  replicas: z.number(),
  selector: z.object({ matchLabels: words }),
  strategy: z.looseObject({
    rollingUpdate: z.object({ maxUnavailable: z.number(), maxSurge: z.number() }),
  }),
  template: pod,
});

const render = (folder: string): Rendered[] =>
  documentsOf(
    execFileSync('kubectl', ['kustomize', pathOf(`deploy/kubernetes/${folder}`)], {
      encoding: 'utf8',
    }),
  ).map((document) => object.parse(document));

const sent = shipped.filter(({ inProduction }) => inProduction);

describe.skipIf(!kubectl)(`the manifests as kubectl renders them${skipped}`, () => {
  let production: Rendered[] = [];
  let staging: Rendered[] = [];
  let canary: Rendered[] = [];
  beforeAll(() => {
    production = render('overlays/production');
    staging = render('overlays/staging');
    canary = render('overlays/canary');
  });
  const of = (kind: string, name: string, all = production) => {
    const found = all.find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  const deploymentOf = (name: string, all = production) =>
    deploymentSpec.parse(of('Deployment', name, all).spec);

  test('there is a Deployment for every process but the outside parties, and nothing else', () => {
    const names = production
      .filter(({ kind }) => kind === 'Deployment')
      .map((one) => one.metadata.name);
    expect(names.toSorted()).toEqual(sent.map(({ name }) => name).toSorted());
    for (const one of production) expect(one.metadata.namespace).toBe('simplebank-production');
  });

  test.each(sent)(
    '$name is probed, bounded, hardened, labelled and replaced without a gap',
    (one) => {
      const { replicas, strategy, template, selector } = deploymentOf(one.name);
      const { containers, topologySpreadConstraints, terminationGracePeriodSeconds } =
        template.spec;
      const [main] = containers;
      expect(main?.livenessProbe).toMatchObject({
        httpGet: { path: '/health/live', port: 'operations' },
        ...{ initialDelaySeconds: 10, timeoutSeconds: 15 },
      });
      expect(main?.readinessProbe).toMatchObject({
        httpGet: { path: '/health/ready', port: 'operations' },
        ...{ initialDelaySeconds: 10, timeoutSeconds: 2 },
      });
      expect(main?.ports).toContainEqual({ name: 'operations', containerPort: operationsPort });
      expect(Number.parseInt(main?.resources.requests['cpu'] ?? '', 10)).toBeGreaterThanOrEqual(
        100,
      );
      expect(Number.parseInt(main?.resources.requests['memory'] ?? '', 10)).toBeGreaterThanOrEqual(
        100,
      );
      expect(Object.keys(main?.resources.limits ?? {})).toEqual(['cpu', 'memory']);
      expect(main?.securityContext).toMatchObject({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
        capabilities: { drop: ['ALL'] },
      });
      expect(main?.image).toMatch(/^registry\.simplebank\.example\/[\w-]+:\d+\.\d+\.\d+$/);
      expect(replicas).toBe(one.name === 'reconciler' ? 2 : 3);
      expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
      expect(terminationGracePeriodSeconds).toBeGreaterThan(10);
      expect(topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toContain(
        'topology.kubernetes.io/zone',
      );
      const labels = Object.keys(template.metadata.labels).toSorted();
      expect(labels).toEqual(['app', 'tier', 'track', 'version']);
      expect(selector.matchLabels).toEqual({ app: one.name, tier: one.tier, track: 'stable' });
    },
  );

  test.each(sent)(
    '$name keeps pods through a disruption and scales by what it waits for',
    (one) => {
      const single = one.name === 'reconciler';
      expect(of('PodDisruptionBudget', one.name).spec).toMatchObject({
        minAvailable: single ? 1 : 2,
      });
      if (single) return;
      const scaler = JSON.stringify(of('HorizontalPodAutoscaler', one.name).spec);
      expect(scaler).toContain('"minReplicas":2');
      expect(scaler).toContain('"name":"cpu"');
      expect(scaler.includes('simplebank_queue_messages')).toBe(one.consumes);
      if (one.consumes) expect(scaler).toContain(`"queue":"${one.name}","state":"waiting"`);
    },
  );

  test.each(sent)('$name is told exactly what it reads, its secrets by reference', (one) => {
    const [main] = deploymentOf(one.name).template.spec.containers;
    const values = Object.fromEntries((main?.env ?? []).map(({ name, value }) => [name, value]));
    const shared = of('ConfigMap', 'bank').data ?? {};
    const { read } = loadedBy(one.name, { ...shared, ...values });
    const unread = Object.keys(values).filter(
      (name) => !read.has(name) && !chassisVariables.has(name),
    );
    expect(unread).toEqual([]);
    const secret = (main?.env ?? []).filter((each) => 'valueFrom' in each).map(({ name }) => name);
    expect(secret).toEqual(one.secrets);
  });

  test('a Service selects app and tier only, so that a canary takes its share', () => {
    for (const { name, tier, port } of sent.filter((one) => one.port !== null)) {
      expect(of('Service', name).spec).toMatchObject({
        selector: { app: name, tier },
        ports: [{ name: 'door', port, targetPort: 'door' }],
      });
    }
  });

  test('a canary is one pod per process with its own track, and brings nothing else', () => {
    expect(new Set(canary.map(({ kind }) => kind))).toEqual(new Set(['Deployment']));
    for (const { name, tier } of sent) {
      const { replicas, selector } = deploymentOf(`${name}-canary`, canary);
      expect(replicas).toBe(1);
      expect(selector.matchLabels).toEqual({ app: name, tier, track: 'canary' });
    }
  });

  test('staging and production differ in replicas, hosts and namespace only', () => {
    const plain = (all: readonly Rendered[]) =>
      JSON.stringify(all.filter(({ kind }) => kind !== 'ConfigMap'))
        .replaceAll(/simplebank-(staging|production)/g, 'simplebank-x')
        .replaceAll(/"replicas":\d+/g, '"replicas":0');
    expect(plain(staging)).toBe(plain(production));
    const differing = Object.entries(of('ConfigMap', 'bank').data ?? {})
      .filter(([key, value]) => of('ConfigMap', 'bank', staging).data?.[key] !== value)
      .map(([key]) => key);
    expect(differing.toSorted()).toEqual(['CORS_ORIGINS', 'ENVIRONMENT', 'MARKET_VENUE_URL']);
  });

  test('the migration is one Job, once, hardened like the rest', () => {
    const [job, ...rest] = render('overlays/production/migrate');
    expect(rest).toEqual([]);
    const text = JSON.stringify(job);
    expect(job?.kind).toBe('Job');
    for (const part of ['"completions":1', '"parallelism":1', '"readOnlyRootFilesystem":true']) {
      expect(text).toContain(part);
    }
  });

  test('log lines of every pod reach the collector by the node, never by the process', () => {
    const texts = production.map((one) => JSON.stringify(one)).join('');
    expect(texts).not.toMatch(/jaeger|filelog/);
    expect(of('ConfigMap', 'bank').data?.['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(
      'http://otel-collector:4318',
    );
    const agent = textOf('deploy/kubernetes/collector/collector.yml');
    expect(agent).toContain('/var/log/pods');
    expect(textOf('deploy/kubernetes/collector/kustomization.yml')).toContain('collector.yml');
  });
});

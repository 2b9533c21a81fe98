import { expect, test } from 'vitest';
import { criteria, judgeCanary, type Seen } from '../../tools/deploy/canary.ts';
import { canaryQueries } from '../../tools/deploy/canary-metrics.ts';
import {
  type Kubectl,
  objectsIn,
  type Release,
  rollOut,
  runCanary,
} from '../../tools/deploy/rollout.ts';
import { selectorsOf } from './support/promql.ts';

const objectiveMs = 100;
const stable: Seen = { requests: 3_000, errors: 3, p95Ms: 60 };
const judged = (canary: Partial<Seen>) =>
  judgeCanary({ requests: 1_000, errors: 1, p95Ms: 60, ...canary }, stable, objectiveMs).decision;

test('a canary as good as what runs beside it is promoted', () => {
  expect(judged({})).toBe('promote');
  expect(judged({ p95Ms: 95 })).toBe('promote');
});

test('a canary that fails more often is rolled back, however few its requests', () => {
  expect(judged({ errors: 5 })).toBe('roll back');
  expect(judged({ requests: 20, errors: 5, p95Ms: null })).toBe('roll back');
  expect(judged({ requests: 20, errors: 0 })).toBe('hold');
});

test('a slow canary is rolled back, a slower one waits, and within the objective both pass', () => {
  expect(judged({ p95Ms: 140 })).toBe('roll back');
  expect(
    judgeCanary({ requests: 500, errors: 0, p95Ms: 125 }, { ...stable, p95Ms: 100 }, 100),
  ).toMatchObject({ decision: 'hold' });
  expect(judged({ p95Ms: 99 })).toBe('promote');
  expect(judged({ p95Ms: null })).toBe('hold');
});

test('too few requests decide nothing, and exactly enough do', () => {
  expect(judged({ requests: criteria.requestsMin - 1, errors: 0 })).toBe('hold');
  expect(judged({ requests: criteria.requestsMin, errors: 0 })).toBe('promote');
});

test('both tracks are asked for the same metrics, apart', () => {
  const labels = (track: 'canary' | 'stable') =>
    Object.values(canaryQueries('orders', track, 10)).flatMap(selectorsOf);
  for (const { metric, matchers } of labels('canary')) {
    expect(metric).toMatch(/^simplebank_operation_duration_seconds_(count|bucket)$/);
    expect(matchers).toContainEqual({ label: 'track', operator: '=', value: 'canary' });
  }
  expect(labels('stable')).toHaveLength(labels('canary').length);
});

const rendered = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, labels: { app: orders, version: 0.4.0 } }
spec:
  template: { spec: { containers: [{ image: "registry.simplebank.example/orders:0.4.0" }] } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, labels: { app: migrate } }
spec:
  template: { spec: { containers: [{ image: "registry.simplebank.example/migrate:0.4.0" }] } }
`;

type Called = { readonly args: string; readonly input: string };

/** A kubectl that writes down what it is told, and fails where its words say so. */
function stub(failsAt: RegExp | null = null) {
  const calls: Called[] = [];
  const kubectl: Kubectl = async (args, input = '') => {
    const words = args.join(' ');
    calls.push({ args: words, input });
    if (failsAt?.test(words)) throw new Error(`stub: ${words}`);
    return args[0] === 'kustomize' ? rendered : '';
  };
  const release: Release = { kubectl, name: 'orders', version: '0.5.0', say: () => {} };
  return { calls, release, said: () => calls.map(({ args }) => args) };
}

test('a roll-out migrates first, ships one process and waits for it', async () => {
  const { calls, release, said } = stub();
  await rollOut(release, 'production');
  const inOrder = ['delete job migrate', 'wait --for=condition=complete job/migrate'];
  const places = [...inOrder, 'rollout status deployment/orders'].map((words) =>
    said().findIndex((args) => args.includes(words)),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  const applied = calls.filter(({ args }) => args === 'apply -f -').map(({ input }) => input);
  expect(applied.map((input) => objectsIn(input).map(({ metadata }) => metadata.name))).toEqual([
    ['migrate'],
    ['orders'],
  ]);
  expect(applied[1]).toContain('registry.simplebank.example/orders:0.5.0');
  expect(applied[1]).toContain('version: "0.5.0"');
  expect(applied[0]).toContain('registry.simplebank.example/migrate:0.5.0');
});

test('a roll-out that does not become ready goes back and fails', async () => {
  const { release, said } = stub(/rollout status deployment\/orders/);
  await expect(rollOut(release, 'production')).rejects.toThrow('rollout status');
  expect(said().some((args) => args.includes('rollout undo deployment/orders'))).toBe(true);
});

test('failed migrations stop a release before any pod of it', async () => {
  const { calls, release } = stub(/wait --for=condition=complete/);
  await expect(rollOut(release, 'production')).rejects.toThrow('wait');
  const applied = calls.filter(({ args }) => args === 'apply -f -');
  expect(applied.flatMap(({ input }) => objectsIn(input).map(({ kind }) => kind))).toEqual(['Job']);
});

test.each([
  { words: ['hold', 'promote'] as const, ends: null },
  { words: ['hold', 'roll back'] as const, ends: 'rolled back' },
  { words: ['hold', 'hold'] as const, ends: 'not promoted after 2 looks' },
])('a canary that is judged $words is gone afterwards in any case', async ({ words, ends }) => {
  const { release, said } = stub();
  const left = [...words];
  const watching = {
    judge: async () => ({ decision: left.shift() ?? ('hold' as const), reason: 'test' }),
    pause: async () => {},
    looksMax: words.length,
  };
  const run = runCanary(release, watching);
  await (ends ? expect(run).rejects.toThrow(ends) : run);
  expect(said().at(-1)).toContain('delete deployment -l app=orders,track=canary');
});

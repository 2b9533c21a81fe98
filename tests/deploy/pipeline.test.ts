import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exists, scripts, textOf, yamlOf } from './support/files.ts';

const step = z.looseObject({
  run: z.string().optional(),
  uses: z.string().optional(),
  if: z.string().optional(),
});
const job = z.looseObject({
  needs: z.union([z.string(), z.array(z.string())]).default([]),
  if: z.string().optional(),
  environment: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(step).default([]),
  uses: z.string().optional(),
});
const workflow = z.looseObject({ jobs: z.record(z.string(), job) });

const file = '.github/workflows/deployable.yml';
const text = textOf(file);
const { jobs } = workflow.parse(yamlOf(file));
const release = workflow.parse(yamlOf('.github/workflows/release.yml'));

/** OPS-136: the order in which a release passes. */
const order = [
  'install',
  'lint-and-types',
  'unit',
  'contracts-and-composition',
  'image',
  'tests-inside-the-image',
  'scan',
  'publish',
  'staging',
  'smoke-and-load',
  'approval',
  'canary',
  'production',
  'smoke',
];

type Result = 'success' | 'failure' | 'skipped';
const needsOf = (name: string): readonly string[] => [jobs[name]?.needs ?? []].flat();

/** Plays the jobs as the pipeline does: one whose needs did not all succeed is left out. */
function play(failing: string | null): Readonly<Record<string, Result>> {
  const results: Record<string, Result> = {};
  const waiting = new Set(Object.keys(jobs));
  while (waiting.size > 0) {
    const next = [...waiting].find((name) => needsOf(name).every((need) => need in results));
    if (!next) throw new Error(`these wait for each other: ${[...waiting]}`);
    waiting.delete(next);
    const goes =
      jobs[next]?.if === 'always()' || needsOf(next).every((need) => results[need] === 'success');
    results[next] = goes ? (next === failing ? 'failure' : 'success') : 'skipped';
  }
  return results;
}

describe('a release', () => {
  test('passes every stage in order, and all that come before must have succeeded', () => {
    expect(Object.keys(jobs)).toEqual([...order, 'notify']);
    for (const [index, name] of order.entries()) {
      const before = order[index - 1];
      expect(needsOf(name), name).toEqual(before ? expect.arrayContaining([before]) : []);
      expect(jobs[name]?.if, name).toBeUndefined();
    }
    expect(Object.values(play(null)).every((result) => result === 'success')).toBe(true);
  });

  test.each(order)('that fails at %s reaches nothing after it, and tells so', (failing) => {
    const results = play(failing);
    const at = order.indexOf(failing);
    expect(order.slice(0, at).map((name) => results[name])).toEqual(Array(at).fill('success'));
    expect(results[failing]).toBe('failure');
    const rest = order.slice(at + 1);
    expect(rest.map((name) => results[name])).toEqual(Array(rest.length).fill('skipped'));
    expect(results['notify']).toBe('success');
  });

  test('that is stopped or fails in its canary takes the canary away', () => {
    const cleaning = jobs['canary']?.steps.find(({ run }) => run?.includes('no-canary'));
    expect(cleaning?.if).toBe('failure() || cancelled()');
  });

  test('never tries a failed stage again, and never goes on in spite of one', () => {
    expect(text).not.toMatch(/continue-on-error|retry|--rerun|\|\| true|--retry|fail-fast: false/i);
    const conditions = Object.values(jobs).flatMap(({ steps }) => steps.map((one) => one.if));
    expect(new Set(conditions.filter(Boolean))).toEqual(
      new Set(['always()', 'failure() || cancelled()']),
    );
    for (const { steps } of Object.values(jobs)) {
      for (const one of steps) {
        const deploys = /deploy:rollout|imagetools create|docker buildx build/.test(one.run ?? '');
        if (deploys && !one.run?.includes('no-canary')) expect(one.if).toBeUndefined();
      }
    }
  });

  test('keeps the results of its tests, passed or failed', () => {
    const tested = order.filter((name) =>
      jobs[name]?.steps.some(({ run }) => /npm run [^\n]*(test|check|smoke)|trivy/.test(run ?? '')),
    );
    expect(tested.length).toBeGreaterThan(5);
    for (const name of tested) {
      const kept = jobs[name]?.steps.find(({ uses }) =>
        uses?.startsWith('actions/upload-artifact@'),
      );
      expect(kept?.if, name).toBe('always()');
      expect(JSON.stringify(kept), name).toContain('"retention-days":90');
    }
    expect(text).toContain('bash -euo pipefail');
  });

  test('tells both ends, ships the tested image, and asks a person before production', () => {
    expect(jobs['notify']?.if).toBe('always()');
    expect(needsOf('notify')).toEqual(order);
    expect(text).toContain(`needs.smoke.result == 'success' && 'released' || 'stopped'`);
    const digest = 'needs.image.outputs.digest';
    for (const name of ['tests-inside-the-image', 'scan', 'publish']) {
      expect(JSON.stringify(jobs[name]?.steps), name).toContain(digest);
      expect(needsOf(name), name).toContain('image');
    }
    expect(jobs['approval']?.environment).toBe('production-approval');
    expect(text.match(/docker buildx build/g)).toHaveLength(1);
  });

  test('runs commands that exist, with actions pinned to a commit, each within a time', () => {
    for (const [, script = ''] of text.matchAll(/npm run (?:-s |--ignore-scripts )?([\w:-]+)/g)) {
      expect(Object.keys(scripts), `npm run ${script}`).toContain(script);
    }
    for (const [name, { steps, 'timeout-minutes': minutes }] of Object.entries(jobs)) {
      expect(minutes, name).toBeGreaterThan(0);
      for (const { uses } of steps) {
        if (uses?.startsWith('./')) expect(exists(`${uses}/action.yml`), uses).toBe(true);
        else if (uses) expect(uses, name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      }
    }
  });

  test('is one file for every deployable: no stage is written twice', () => {
    expect(release.jobs['release']?.uses).toBe('./.github/workflows/deployable.yml');
    const steps = Object.values(jobs).flatMap((each) => each.steps.flatMap(({ run }) => run ?? []));
    expect(new Set(steps).size).toBe(steps.length);
    expect(Object.keys(release.jobs)).toEqual(['which', 'release']);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@simplebank/chassis/config';
import { beforeAll, describe, expect, test } from 'vitest';
import { completeEnvironment, marked, type Variables } from './support/environment.ts';
import { launch } from './support/run.ts';
import { root, type Target, targetsOf } from './support/targets.ts';

const configExitCode = 78;
const targets = targetsOf('subgraphs', 'services', 'gateways');
let complete: Variables = {};
beforeAll(async () => {
  complete = await completeEnvironment();
});

/** Every name in capitals that a configuration of this process reads. */
function variablesOf({ kind, name }: Target): readonly string[] {
  const own = readFileSync(join(root, kind, name, 'src/config.ts'), 'utf8');
  const shared = kind === 'gateways' ? gatewayShapes() : '';
  const names = `${own}${shared}`.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm);
  return [...new Set([...names].map(([, variable]) => variable ?? ''))];
}

const gatewayShapes = (): string =>
  ['config.ts', 'limits/limit-config.ts']
    .map((file) => readFileSync(join(root, 'packages/gateway-kit/src', file), 'utf8'))
    .join('\n');

type LoadConfig = (env: Variables) => unknown;

async function loaderOf({ kind, name }: Target): Promise<LoadConfig> {
  const { loadConfig } = await import(join(root, kind, name, 'src/config.ts'));
  return loadConfig;
}

function problemsOf(load: LoadConfig, env: Variables): readonly string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe.each(targets)('$name', (target) => {
  test('names each variable that is spoiled, and never its value (OPS-114)', async () => {
    const load = await loaderOf(target);
    expect(problemsOf(load, complete)).toEqual([]);
    const variables = variablesOf(target);
    expect(variables.length).toBeGreaterThan(1);
    for (const variable of variables) {
      // Too long for a word, no address, no number, no JSON and no list of known names.
      const spoiled = `${marked}|${'x'.repeat(3_000)}`;
      const problems = problemsOf(load, { ...complete, [variable]: spoiled });
      if (freeText.has(variable)) continue;
      expect([variable, problems]).toContainEqual(
        expect.arrayContaining([expect.stringContaining(`${variable}: `)]),
      );
      expect(problems.join()).not.toContain(marked);
    }
  });

  test('names all variables that are missing at once', async () => {
    const load = await loaderOf(target);
    const needed = variablesOf(target).filter((variable) => {
      const { [variable]: _, ...without } = complete;
      return problemsOf(load, without).length > 0;
    });
    const without = Object.entries(complete).filter(([variable]) => !needed.includes(variable));
    const problems = problemsOf(load, Object.fromEntries(without)).map(
      (problem) => problem.split(':')[0] ?? '',
    );
    expect(needed.filter((variable) => !problems.includes(variable))).toEqual([]);
  });

  test('is frozen: nothing changes while it runs (OPS-113)', async () => {
    const config = (await loaderOf(target))(complete);
    expect(Object.isFrozen(config)).toBe(true);
  });
});

/** Any text will do, so nothing spoils them. */
const freeText = new Set([
  'NODE_ENV',
  'TOKEN_ISSUER',
  'APOLLO_KEY',
  'APOLLO_GRAPH_REF',
  'PERSISTED_MANIFESTS',
  'ACCOUNTS_TOKEN_KEYS_FILE',
]);

test.each(targets.filter(({ name }) => ['market', 'web', 'venue'].includes(name)))(
  '$name ends with 78 before any port opens, tells every problem once and no secret',
  async (target) => {
    const { ASSERTION_PUBLIC_KEYS, ASSERTION_PRIVATE_KEY, VENUE_KEY, REDIS_URL, ...rest } =
      complete;
    const ports = { LOG_LEVEL: 'LOUD', SHUTDOWN_GRACE_MS: marked };
    const { exitCode, stdout, stderr } = launch(target.main, { ...rest, ...ports });
    expect(await exitCode()).toBe(configExitCode);
    expect(stderr()).toBe('');
    const [line, ...others] = stdout().map((text) => JSON.parse(text));
    expect(others).toEqual([]);
    expect(line).toMatchObject({ levelname: 'ERROR', error_code: 'CONFIG', service: target.name });
    const missing = target.needsRedis ? ['REDIS_URL'] : ['VENUE_KEY'];
    for (const name of ['LOG_LEVEL', 'SHUTDOWN_GRACE_MS', ...missing]) {
      expect(line.message.split(`${name}:`)).toHaveLength(2);
    }
    expect(line.message).not.toContain(marked);
  },
);

test('there is a process for every workspace that has a main file', () => {
  const folders = ['subgraphs', 'services', 'gateways'].flatMap((kind) =>
    readdirSync(join(root, kind)),
  );
  expect(targets.map(({ name }) => name).sort()).toEqual(folders.sort());
});

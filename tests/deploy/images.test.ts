import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operationsPort, shipped } from '../../tools/deploy/shipped.ts';
import { deployables } from '../../tools/distributed/processes.ts';
import { environmentOf, execForm, lastOf, lineage, stagesOf } from './support/dockerfile.ts';
import { exists, pathOf, textOf } from './support/files.ts';

const stages = stagesOf(textOf('deploy/images/Dockerfile'));
const images = [...shipped.map(({ name }) => name), 'operator', 'migrate'];

test('every process of the bank has an image, and every image is one that is wanted', () => {
  expect(shipped.map(({ name }) => name).toSorted()).toEqual(
    deployables.map(({ name }) => name).toSorted(),
  );
  const built = stages.map(({ name }) => name).slice(stages.findIndex((s) => s.name === 'runtime'));
  expect(built.slice(1).toSorted()).toEqual(images.toSorted());
});

test('the base is one exact version with its digest, and nothing is tagged latest', () => {
  const bases = stages.filter(({ from }) => !stages.some(({ name }) => name === from));
  expect(bases).toHaveLength(1);
  expect(bases[0]?.from).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+@sha256:[0-9a-f]{64}$/);
  const texts = ['deploy/images/Dockerfile', 'docker-compose.yml', 'deploy/compose.servers.yml'];
  for (const file of texts) expect(textOf(file), file).not.toMatch(/:latest\b/);
});

test('manifests and lockfile are copied before any source, every workspace among them', () => {
  const manifests = lineage(stages, 'manifests').flatMap(({ instructions }) => instructions);
  const copied = manifests.filter(({ word }) => word === 'COPY').map(({ rest }) => rest);
  expect(copied[0]).toContain('package-lock.json');
  const workspaces = ['packages', 'subgraphs', 'services', 'gateways'].flatMap((kind) =>
    readdirSync(pathOf(kind)).map((name) => `${kind}/${name}/package.json ${kind}/${name}/`),
  );
  expect(copied.slice(1).toSorted()).toEqual(workspaces.toSorted());
});

test('what runs has production dependencies only, installed without scripts', () => {
  const production = stages.find(({ name }) => name === 'production');
  expect(production?.instructions.map(({ rest }) => rest)).toEqual([
    'npm install --omit=dev --ignore-scripts --no-audit --no-fund',
  ]);
  const runtime = lineage(stages, 'runtime').flatMap(({ instructions }) => instructions);
  const modules = runtime.filter(({ rest }) => rest.includes('node_modules'));
  expect(modules.map(({ rest }) => rest)).toEqual([
    '--from=production /bank/node_modules node_modules',
  ]);
});

test.each(images)(
  '%s runs one process as nobody, in exec form, with its revision on it',
  (name) => {
    const command = execForm(lastOf(stages, name, 'CMD') ?? '');
    expect(command?.slice(0, 3)).toEqual(['node', '--import', 'tsx']);
    const main = deployables.find((each) => each.name === name)?.main;
    if (main) expect(command?.slice(3)).toEqual([main]);
    expect(exists(command?.[3] ?? ''), command?.[3]).toBe(true);
    expect(lastOf(stages, name, 'USER')).toBe('node');
    expect(lastOf(stages, name, 'STOPSIGNAL')).toBe('SIGTERM');
    expect(lastOf(stages, name, 'LABEL')).toContain(
      'org.opencontainers.image.revision=$GIT_COMMIT',
    );
    expect(lastOf(stages, name, 'ENTRYPOINT')).toBeNull();
  },
);

test.each(shipped)('$name is asked for liveness by node itself, on its operations port', (one) => {
  const health = lastOf(stages, one.name, 'HEALTHCHECK') ?? '';
  expect(health).toMatch(/--interval=\S+ --timeout=\S+ .*CMD \["node", "-e", /);
  expect(health).toContain(`http://127.0.0.1:${operationsPort}/health/live`);
  const variable = `${one.name.toUpperCase().replaceAll('-', '_')}_OPERATIONS_PORT`;
  const environment = environmentOf(stages, one.name);
  expect(environment[variable]).toBe(String(operationsPort));
  expect(environment['OPERATIONS_HOST']).toBe('0.0.0.0');
  if (one.port !== null) expect(lastOf(stages, one.name, 'EXPOSE')).toContain(String(one.port));
});

test('what is secret, made or only tested never enters a build', () => {
  const ignored = textOf('.dockerignore').split('\n');
  for (const needed of ['.env', 'deploy', '.git', '.simplebank', 'node_modules', '**/*.test.ts']) {
    expect(ignored).toContain(needed);
  }
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretFiles, writeSecrets } from '../../tools/deploy/secrets.ts';
import { shipped } from '../../tools/deploy/shipped.ts';
import { pathOf, textOf } from './support/files.ts';

const tracked = execFileSync('git', ['ls-files'], { cwd: pathOf('.'), encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && path !== 'package-lock.json');

/** What a secret looks like once somebody has written it down. */
const looks = [
  /"d"\s*:\s*"[\w-]{40,}"/,
  /-----BEGIN (?:EC |RSA |OPENSSH )?PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/,
  /\b(?:postgresql|redis):\/\/[\w-]*:[\w-]{20,}@/,
];

test('no file of the repository holds what looks like a key or a password', () => {
  const found = tracked.flatMap((path) => {
    const text = textOf(path);
    return looks.filter((look) => look.test(text)).map((look) => `${path}: ${look.source}`);
  });
  expect(found).toEqual([]);
});

test('the scan sees each kind of secret that the bank makes', async () => {
  const made = [...(await secretFiles()).values()].join('\n');
  expect(looks.filter((look) => look.test(made))).toHaveLength(2);
});

test('each process has secrets of its own: no signing key and no database is shared', async () => {
  const files = await secretFiles();
  const values = shipped.flatMap(({ name }) =>
    (files.get(`${name}.env`) ?? '')
      .split('\n')
      .filter((line) => /^(\w+_DATABASE_URL|\w+_PRIVATE_KEY|ACCOUNTS_DATA_KEYS)=/.test(line))
      // The reconciler reads every context's books, and nobody else's secret.
      .filter(() => name !== 'reconciler')
      .map((line) => line.slice(line.indexOf('=') + 1)),
  );
  expect(new Set(values).size).toBe(values.length);
  expect(values.length).toBeGreaterThan(10);
});

test('gateways sign with keys that every context knows', async () => {
  const files = await secretFiles();
  const kidsIn = (text = '') => [...text.matchAll(/"kid":"([0-9a-f]+)"/g)].map(([, kid]) => kid);
  const known = kidsIn(files.get('orders.env'));
  for (const name of ['web', 'mobile', 'federation', 'seed']) {
    expect(known).toContain(kidsIn(files.get(`${name}.env`))[0]);
  }
  expect(new Set(known).size).toBe(4);
});

test('written secrets are their owner’s, ignored by git, never written over', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'simplebank-secrets-'));
  const folder = join(parent, 'secrets');
  try {
    const names = await writeSecrets(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of names.filter((each) => each.endsWith('.env'))) {
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    }
    await expect(writeSecrets(folder)).rejects.toThrow('exists');
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
  expect(textOf('.gitignore').split('\n')).toContain('deploy/secrets/');
  expect(textOf('.dockerignore').split('\n')).toContain('deploy');
});

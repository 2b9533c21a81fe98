import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { startBank } from './support/bank.ts';

const start = new Date('2026-11-20T15:00:00.000Z').getTime();

async function aKey(kid: string, signsFromMs: number): Promise<JWK & { signsFrom: string }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, signsFrom: new Date(signsFromMs).toISOString() };
}

function aFile(...keys: readonly JWK[]) {
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-accounts-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys.json');
  const write = (...given: readonly JWK[]) => writeFileSync(file, JSON.stringify({ keys: given }));
  write(...keys);
  return { file, write };
}

async function startWith(file: string) {
  const bank = await startBank({ env: { ACCOUNTS_TOKEN_KEYS_FILE: file } });
  onTestFinished(() => bank.stop());
  const shown = async () => {
    const response = await fetch(`${bank.url}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: readonly JWK[] };
    expect(keys.filter((key) => 'd' in key || 'signsFrom' in key)).toEqual([]);
    return keys.map(({ kid }) => kid);
  };
  return { bank, shown };
}

test('keys that change in the file are shown within five seconds, without a restart', async () => {
  const [old, next] = [await aKey('old', 0), await aKey('next', start + 60_000)];
  const { file, write } = aFile(old);
  const { bank, shown } = await startWith(file);
  expect(await shown()).toEqual(['old']);
  write(old, next);
  bank.clock.advance(5_000);
  expect(await shown()).toEqual(['old', 'next']);
  bank.clock.advance(55_000 + 16 * 60_000 - 1);
  expect(await shown()).toEqual(['old', 'next']);
  bank.clock.advance(1);
  expect(await shown()).toEqual(['next']);
});

test('gateways are told which keys stand; one that is dropped is told of no more', async () => {
  const [leaked, next] = [await aKey('leaked', 0), await aKey('next', start)];
  const { file, write } = aFile(leaked, next);
  const { bank } = await startWith(file);
  const standing = async () => {
    const response = await fetch(`${bank.url}/.well-known/revoked-sessions`);
    return ((await response.json()) as { keys: readonly string[] }).keys;
  };
  expect(await standing()).toEqual(['leaked', 'next']);
  write(next);
  bank.clock.advance(5_000);
  expect(await standing()).toEqual(['next']);
});

test('a file that cannot be read any more leaves the known keys in use, told once', async () => {
  const { file, write } = aFile(await aKey('old', 0));
  const { bank, shown } = await startWith(file);
  for (const step of [1, 2, 3]) {
    if (step === 1) write();
    else rmSync(file, { force: true });
    bank.clock.advance(5_000);
    expect(await shown()).toEqual(['old']);
  }
  const told = bank.lines.filter(({ message }) => message.startsWith('the token keys cannot be'));
  expect(told.map(({ level }) => level)).toEqual(['error']);
  write(await aKey('new', 0));
  bank.clock.advance(5_000);
  expect(await shown()).toEqual(['new']);
});

test('accounts does not start with a file that holds no keys', async () => {
  const { file } = aFile();
  await expect(startBank({ env: { ACCOUNTS_TOKEN_KEYS_FILE: file } })).rejects.toThrow(
    'expected private JWKs with kid, or a set of them',
  );
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readSigningKeys } from '@simplebank/chassis/signing-keys';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  createTokenKeys,
  dropTokenKey,
  KeysRefused,
  leadMsDefault,
  lingerMs,
  newSigningKey,
  rotateTokenKeys,
} from './token-keys.ts';

const run = promisify(execFile);
const now = new Date('2026-01-30T15:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);

let file: string;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-token-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  file = join(folder, 'keys.json');
  await createTokenKeys(file, [await newSigningKey(new Date(0))]);
});

const keysIn = () => readSigningKeys(readFileSync(file, 'utf8'));
const statesAt = async (at: Date) =>
  (await rotateTokenKeys(file, { now: at, leadMs: leadMsDefault })).map(({ state }) => state);

test('a rotation adds a key that waits; one that nobody needs goes with the next', async () => {
  const [first] = keysIn();
  expect(await statesAt(now)).toEqual(['SIGNING', 'NEXT']);
  const second = keysIn().at(-1);
  expect(second?.signsFrom).toEqual(later(leadMsDefault));
  expect(await statesAt(later(leadMsDefault + lingerMs))).toEqual(['SIGNING', 'NEXT']);
  const left = keysIn();
  expect(left[0]).toEqual(second);
  expect(left).not.toContainEqual(first);
});

test('a second rotation before the first took effect is refused, and changes nothing', async () => {
  await statesAt(now);
  const before = readFileSync(file, 'utf8');
  await expect(statesAt(later(leadMsDefault - 1))).rejects.toThrow(KeysRefused);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('two rotations at once: one adds a key, the other says that it was late', async () => {
  const both = await Promise.allSettled([statesAt(now), statesAt(now)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(keysIn()).toHaveLength(2);
});

test('a leaked key that signs is gone at once, and the one that waits signs instead', async () => {
  const [leaked] = keysIn();
  await statesAt(now);
  const next = keysIn().at(-1);
  const left = await dropTokenKey(file, { kid: leaked?.jwk.kid ?? '', now });
  expect(left.map(({ key, state }) => [key.jwk.kid, state])).toEqual([[next?.jwk.kid, 'SIGNING']]);
  expect(keysIn()).toEqual([{ jwk: next?.jwk, signsFrom: now }]);
});

test('a leaked key that signed before, or waits, is gone, and nothing else changes', async () => {
  const [old] = keysIn();
  await rotateTokenKeys(file, { now, leadMs: 0 });
  const signing = keysIn().at(-1);
  await dropTokenKey(file, { kid: old?.jwk.kid ?? '', now });
  expect(keysIn()).toEqual([signing]);
  await statesAt(now);
  await dropTokenKey(file, { kid: keysIn().at(-1)?.jwk.kid ?? '', now });
  expect(keysIn()).toEqual([signing]);
});

test('the only key that can sign stays, and so does the file for a key of no name', async () => {
  await rotateTokenKeys(file, { now, leadMs: 0 });
  const before = readFileSync(file, 'utf8');
  const signing = keysIn().at(-1)?.jwk.kid ?? '';
  // The key before it would sign again, though it was taken out of use.
  for (const kid of [signing, 'nobody']) {
    await expect(dropTokenKey(file, { kid, now })).rejects.toThrow(KeysRefused);
  }
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a file that holds no keys is told of without what it holds', async () => {
  writeFileSync(file, '{"keys":"s3cret"}');
  const rotated = rotateTokenKeys(file, { now, leadMs: 0 });
  await expect(rotated).rejects.toThrow(KeysRefused);
  await expect(rotated).rejects.not.toThrow('s3cret');
});

test('the command shows ids and times and never a key; the file is its owner’s alone', async () => {
  const keys = (...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'tools/keys.ts', ...args, '--file', file]);
  const rotated = await keys('rotate', '--lead', '30');
  const listed = await keys('list');
  const [old, next] = keysIn();
  expect(listed).toEqual(rotated);
  expect(listed.stdout.split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^${old?.jwk.kid}  signs; is shown until 2\\S+Z$`)),
    expect.stringMatching(new RegExp(`^${next?.jwk.kid}  is shown; signs from 2\\S+Z$`)),
    '',
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(keys('rotate')).rejects.toMatchObject({ code: 1, stdout: '' });
  await expect(keys('new')).rejects.toMatchObject({ code: 1, stdout: '' });
  const dropped = await keys('drop', old?.jwk.kid ?? '');
  expect(dropped.stdout).toMatch(new RegExp(`^${next?.jwk.kid}  signs since 2\\S+Z\n$`));
  await expect(keys('drop')).rejects.toMatchObject({ code: 1, stdout: '' });
  await expect(keys('forget')).rejects.toMatchObject({ code: 1, stdout: '' });
}, 60_000);

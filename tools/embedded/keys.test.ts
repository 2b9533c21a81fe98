import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openKeys } from './keys.ts';

test('keys of an earlier release stay; a database that is new gets its password once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = await openKeys(folder, ['orders', 'market']);
  const { dataKeys, ...ofTheFirstRelease } = first;
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(ofTheFirstRelease));

  const later = await openKeys(folder, ['orders', 'market', 'venue']);
  expect(later).toEqual({
    ...first,
    dataKeys: { keys: [expect.objectContaining({ kty: 'oct' })] },
    databasePasswords: { ...first.databasePasswords, venue: expect.stringMatching(/^[\w-]{32}$/) },
  });
  expect(await openKeys(folder, ['orders', 'market', 'venue'])).toEqual(later);
  expect(JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'))).toEqual(later);
});

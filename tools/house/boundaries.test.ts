import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const turbo = createRequire(import.meta.url).resolve('turbo/bin/turbo');

/** A house of two packages with the real tags; what its kernel imports is planted. */
function boundaries(imports: string): number | null {
  const root = mkdtempSync(join(tmpdir(), 'simplebank-boundaries-'));
  try {
    const write = (path: string, content: object | string) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      writeFileSync(join(root, path), text);
    };
    const workspaces = ['packages/*', 'subgraphs/*'];
    write('package.json', { name: 'house', packageManager: 'npm@11.19.1', workspaces });
    write('package-lock.json', { name: 'house', lockfileVersion: 3, packages: {} });
    cpSync('turbo.json', join(root, 'turbo.json'));
    const packages = { kernel: 'packages/kernel', context: 'subgraphs/orders' };
    for (const [tag, path] of Object.entries(packages)) {
      const planted = tag === 'kernel' && imports.includes('@planted');
      const dependencies = planted ? { '@planted/context': '*' } : {};
      write(`${path}/package.json`, { name: `@planted/${tag}`, version: '1.0.0', dependencies });
      write(`${path}/turbo.json`, { extends: ['//'], tags: [tag] });
    }
    write('packages/kernel/src/index.ts', imports);
    write('subgraphs/orders/src/index.ts', 'export const orders = 1;\n');
    spawnSync('git', ['init', '-q'], { cwd: root });
    const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
    return spawnSync(process.execPath, [turbo, 'boundaries'], { cwd: root, env }).status;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('a house that keeps its walls passes', () => {
  expect(boundaries('export const kernel = 1;\n')).toBe(0);
});

test('a package of the house may not depend on a context: turbo boundaries sees it', () => {
  expect(boundaries("import '@planted/context';\n")).toBe(1);
});

test('a package that reaches into a file of another one is seen', () => {
  expect(boundaries("import '../../../subgraphs/orders/src/index.ts';\n")).toBe(1);
});

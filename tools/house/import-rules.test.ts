import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { afterAll, beforeAll, expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const config = require('../../.dependency-cruiser.cjs');

/** One broken import per rule: the file that breaks it and what it imports. */
const plants: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'domain-is-pure': ['subgraphs/a/src/domain/order.ts', 'zod'],
  'data-looks-inward': ['subgraphs/a/src/data/orders.ts', '../commands/place-order.ts'],
  'doors-stay-out-of-data': ['subgraphs/a/src/resolvers/Order.ts', '../data/rows.ts'],
  'commands-serve-doors': ['subgraphs/a/src/commands/cancel.ts', '../resolvers/Query.ts'],
  'queries-only-read': ['subgraphs/a/src/queries/orders.ts', '../commands/place-order.ts'],
  'published-events-translate': ['subgraphs/a/src/events/published.ts', '../queries/page.ts'],
  'only-data-knows-prisma': ['subgraphs/a/src/commands/pay.ts', '@prisma/client'],
  'only-kernel-knows-decimal-js': ['subgraphs/a/src/queries/sums.ts', 'decimal.js'],
  'only-chassis-knows-queues': ['subgraphs/a/src/worker.ts', 'bullmq'],
  'only-chassis-and-gateway-kit-know-http': ['gateways/web/src/app.ts', 'fastify'],
  'contexts-are-islands': ['subgraphs/a/src/app.ts', '../../b/src/app.ts'],
  'only-the-market-runs-a-venue': [
    'subgraphs/a/src/fill.ts',
    '../../../services/venue/src/simulator.ts',
  ],
  'nobody-mails-to-the-catcher-alone': [
    'services/a/src/deps.ts',
    '../../mail-catcher/src/catcher.ts',
  ],
  'the-venue-knows-no-bank': [
    'services/venue/src/engine.ts',
    '../../../packages/contracts/src/orders.ts',
  ],
  'packages-know-no-context': ['packages/chassis/src/a.ts', '../../../subgraphs/b/src/app.ts'],
  'kernel-stands-alone': ['packages/kernel/src/money.ts', '../../contracts/src/event.ts'],
  'contracts-know-only-the-kernel': ['packages/contracts/src/x.ts', '../../chassis/src/leaf.ts'],
  'chassis-knows-the-envelope-only': [
    'packages/chassis/src/relay.ts',
    '../../contracts/src/orders.ts',
  ],
  'application-never-imports-testkit': [
    'packages/gateway-kit/src/kit.ts',
    '../../testkit/src/clock.ts',
  ],
  'nothing-imports-main': ['subgraphs/a/src/start.ts', './main.ts'],
  'others-enter-by-the-door': ['tests/peek.ts', '../subgraphs/a/src/data/rows.ts'],
  'rooms-of-accounts-have-one-door': [
    'subgraphs/accounts/src/ledger/commands/hold.ts',
    '../../payments/domain/payment.ts',
  ],
  'no-cycles': ['packages/chassis/src/cycle-a.ts', './cycle-b.ts'],
  'imports-resolve': ['packages/chassis/src/lost.ts', './nowhere.ts'],
};

const leaves = [
  'subgraphs/a/src/commands/place-order.ts',
  'subgraphs/a/src/data/rows.ts',
  'subgraphs/a/src/resolvers/Query.ts',
  'subgraphs/a/src/queries/page.ts',
  'subgraphs/a/src/main.ts',
  'subgraphs/b/src/app.ts',
  'subgraphs/accounts/src/payments/domain/payment.ts',
  'services/venue/src/simulator.ts',
  'services/mail-catcher/src/catcher.ts',
  'packages/contracts/src/event.ts',
  'packages/contracts/src/orders.ts',
  'packages/chassis/src/leaf.ts',
  'packages/testkit/src/clock.ts',
  'gateways/web/src/config.ts',
  'tests/leaf.ts',
];
const libraries = ['zod', '@prisma/client', 'decimal.js', 'bullmq', 'fastify'];

let root = '';
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

async function brokenRules(): Promise<Map<string, string[]>> {
  const { doNotFollow, tsPreCompilationDeps, enhancedResolveOptions } = config.options;
  const { output } = await cruise(
    ['packages', 'subgraphs', 'services', 'gateways', 'tests'],
    { doNotFollow, tsPreCompilationDeps, baseDir: root, ruleSet: config, validate: true },
    enhancedResolveOptions,
  );
  if (typeof output === 'string') throw new Error('the cruise answered text instead of results');
  const found = new Map<string, string[]>();
  for (const { rule, from } of output.summary.violations) {
    found.set(rule.name, [...(found.get(rule.name) ?? []), from]);
  }
  return found;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'simplebank-rules-'));
  write('package.json', '{"type":"module"}');
  for (const name of libraries) {
    write(`node_modules/${name}/package.json`, `{"name":"${name}","main":"index.js"}`);
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  for (const leaf of leaves) write(leaf, 'export const leaf = 1;\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('every import rule has a planted violation', () => {
  const rules = config.forbidden.map(({ name }: { name: string }) => name);
  expect(Object.keys(plants).sort()).toEqual([...rules].sort());
});

test('a clean house passes, and each planted violation is caught by its rule', async () => {
  expect([...(await brokenRules()).keys()]).toEqual([]);

  for (const [from, to] of Object.values(plants)) write(from, `import '${to}';\n`);
  write('packages/chassis/src/cycle-b.ts', "import './cycle-a.ts';\n");
  const found = await brokenRules();
  const missed = Object.entries(plants).filter(
    ([rule, [from]]) => !found.get(rule)?.includes(from),
  );
  expect(missed).toEqual([]);
});

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Part } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import pg from 'pg';
import { accounts } from '../subgraphs/accounts/src/app.ts';
import { loadConfig } from '../subgraphs/accounts/src/config.ts';
import { silent } from '../tests/events/support/bank.ts';
import { prepareDatabases } from '../tools/migrate/databases.ts';
import { machineFacts, median, percentile, table } from './facts.ts';
import { commandRate, type Load, type Rate, sqlRate, type Take } from './ledger/runs.ts';
import { openBenchServer } from './postgres.ts';

const runs = 3;
const accountsMade = 1_000;
const resultPath = new URL('./results/ledger.md', import.meta.url);

/** Accounts without owners: only their money is of interest here. */
async function makeAccounts(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const ids = Array.from({ length: accountsMade }, () => randomUUID());
  await client.query(
    `INSERT INTO account (id, name, currency, status, version, created_at)
     SELECT id, 'bench', 'USD', 'ONBOARDING', 1, now() FROM unnest($1::uuid[]) AS a (id)`,
    [ids],
  );
  await client.query(
    `INSERT INTO ledger_account (kind, account_id, currency, posted, held, unsettled)
     SELECT kind, id, 'USD', 0, 0, 0
     FROM unnest($1::uuid[]) AS a (id), unnest('{cash,debt}'::text[]) AS k (kind)`,
    [ids],
  );
  await client.end();
  return ids;
}

/** The worker of accounts as its process builds it, on a queue that carries nothing by itself. */
async function openWorker(databaseUrl: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signingKey = { ...privateKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256' };
  const assertionKey = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256' };
  const config = loadConfig({
    ACCOUNTS_PORT: '0',
    ACCOUNTS_DATABASE_URL: databaseUrl,
    ASSERTION_PUBLIC_KEYS: JSON.stringify({ keys: [assertionKey] }),
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(signingKey),
    ACCOUNTS_DATA_KEYS: JSON.stringify(dataKeys),
  });
  const clock = { now: () => new Date() };
  const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log: silent }) };
  const runtime = { clock, newId: randomUUID, log: silent, ...outside };
  const parts = await accounts.build(config, runtime);
  const worker = parts.find(hasTake);
  const database = parts.find(({ name }) => name === 'accounts-database');
  if (!worker || !database) throw new Error('accounts has no worker');
  return { take: worker.applyBatch, close: () => database.close() };
}

const hasTake = (part: Part): part is Part & { applyBatch: Take } => 'applyBatch' in part;

/** Nothing is sealed with it here. */
const dataKeys = {
  keys: [{ kty: 'oct', kid: 'bench', k: Buffer.alloc(32, 'bench').toString('base64url') }],
};

type Measure = () => Promise<Rate>;
type Measured = { readonly perSecond: number; readonly cells: readonly string[] };

/** The median of some runs; waiting times over all of them. */
async function measured(title: string, run: Measure): Promise<Measured> {
  const rates: Rate[] = [];
  for (let n = 0; n < runs; n += 1) rates.push(await run());
  const waits = rates.flatMap(({ batchMs }) => batchMs);
  const perSecond = median(rates.map((rate) => rate.perSecond));
  const times = [percentile(waits, 0.5), percentile(waits, 0.99)].map(
    (ms) => `${ms.toFixed(1)} ms`,
  );
  const cpu = `${median(rates.map(({ cpuMs }) => cpuMs)).toFixed(2)} ms`;
  const rate = `${Math.round(perSecond).toLocaleString('en')}/s`;
  return { perSecond, cells: [title, rate, ...times, cpu] };
}

const server = await openBenchServer();
const facts = `${machineFacts()};\n${server.facts}`;
const passwordOf = (name: string) => `bench-${name}`;
const urls = await prepareDatabases({ adminUrl: server.url, contexts: ['accounts'], passwordOf });
const url = urls['accounts'] ?? '';
const ids = await makeAccounts(server.url.replace(/\/[^/]*$/, '/accounts'));
const worker = await openWorker(url);

const load = (accountIds: readonly string[], size: number, transactions: number): Load => ({
  ...{ accountIds, size, transactions },
});
const one = ids.slice(0, 1);
await commandRate(worker.take, load(ids, 100, 2_000)); // warm
const command = await measured('command path, random accounts, 100 a batch', () =>
  commandRate(worker.take, load(ids, 100, 10_000)),
);
const raw = await measured('raw SQL, random accounts, 100 a batch', () =>
  sqlRate(url, load(ids, 100, 10_000)),
);
const hot = await measured('command path, one hot customer, 100 a batch', () =>
  commandRate(worker.take, load(one, 100, 5_000)),
);
const rawHot = await measured('raw SQL, one hot customer, 100 a batch', () =>
  sqlRate(url, load(one, 100, 5_000)),
);
const ten = await measured('command path, random accounts, 10 a batch', () =>
  commandRate(worker.take, load(ids, 10, 3_000)),
);
const single = await measured('command path, random accounts, 1 a batch', () =>
  commandRate(worker.take, load(ids, 1, 500)),
);
await worker.close();
await server.close();

const share = (part: Measured, whole: Measured) => (part.perSecond / whole.perSecond).toFixed(2);
const head = ['what', 'transactions', 'p50 of a batch', 'p99 of a batch', 'CPU of Node each'];
const rows = [command, raw, hot, rawHot, ten, single].map(({ cells }) => cells);
const text = `# Posted transactions per second

Written by \`node --import tsx bench/ledger.ts\`. Medians of ${runs} runs, two batches at a
time in one Node process. Machine: ${facts}.

A transaction is a sale as orders reports it: entries of cash, clearing and commission. The command
path is all that a batch of them goes through: reading and checking the events, inbox marks, locks,
decisions, transactions, entries, settlement items, activities, audit, commit. Every one of them
touches the two house accounts \`clearing\` and \`commission\`, so these are hot in each line;
they keep no running balance. One hot customer is the worst that a single row can do. Raw SQL
writes the headers and entries alone, with bare statements, on the same tables with their triggers.

${table([head, ...rows])}

Command path to raw SQL: ${share(command, raw)}. Hot customer to random: ${share(hot, command)} (raw
SQL: ${share(rawHot, raw)}). Aims: 1,500/s for random accounts, hot not below 0.67 of it.
`;
await mkdir(new URL('.', resultPath), { recursive: true });
await writeFile(resultPath, text);
console.log(text);

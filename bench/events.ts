import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { type EventQueues, openQueues } from '@simplebank/chassis/queue';
import { silent } from '../tests/events/support/bank.ts';
import { createMessagingDatabase } from '../tests/events/support/messaging-database.ts';
import { forgetPrefix } from '../tests/events/support/redis.ts';
import { chainRate, hopLatencies, transportRate } from './events-runs.ts';
import { machineFacts, median, percentile } from './facts.ts';
import { openBenchServer } from './postgres.ts';

const batchSizes = [1, 10, 50, 100];
const runs = 3;
const redisUrl = process.env['REDIS_URL'];
const resultPath = new URL('./results/events.md', import.meta.url);

type Row = { readonly what: string; readonly values: readonly string[] };

/** Everything about one transport, in a database and under a prefix of its own. */
async function measure(serverUrl: string, redis?: string): Promise<readonly Row[]> {
  const database = await createMessagingDatabase(serverUrl);
  const prefix = `bench_${randomUUID().slice(0, 8)}`;
  const queues = await openQueues({
    redisUrl: redis,
    databaseUrl: database.url,
    prefix,
    log: silent,
  });
  try {
    return [
      await rateRow('transport alone', (size) => transportRate(queues, size)),
      await rateRow('outbox to inbox', (size) => chainRate(database.connect, queues, size)),
      await latencyRow(queues, database.connect),
    ];
  } finally {
    await queues.close();
    if (redis) await forgetPrefix(redis, prefix);
    await database.drop();
  }
}

async function rateRow(what: string, rate: (size: number) => Promise<number>): Promise<Row> {
  const values: string[] = [];
  for (const size of batchSizes) {
    const rates: number[] = [];
    // One after another: runs side by side would measure each other.
    for (let run = 0; run < runs; run += 1) rates.push(await rate(size));
    values.push(`${Math.round(median(rates)).toLocaleString('en')}/s`);
  }
  return { what, values };
}

async function latencyRow(
  queues: EventQueues,
  connect: Parameters<typeof chainRate>[0],
): Promise<Row> {
  const latencies = await hopLatencies(connect, queues);
  const [p50, p95] = [median(latencies), percentile(latencies, 0.95)];
  return { what: 'hop', values: [`${p50.toFixed(1)} ms`, `${p95.toFixed(1)} ms`] };
}

function report(title: string, rows: readonly Row[]): string {
  const rates = rows.filter(({ what }) => what !== 'hop');
  const hop = rows.find(({ what }) => what === 'hop')?.values ?? [];
  return [
    `## ${title}`,
    '',
    `| events per job | ${batchSizes.join(' | ')} |`,
    `|---|${batchSizes.map(() => '---').join('|')}|`,
    ...rates.map(({ what, values }) => `| ${what} | ${values.join(' | ')} |`),
    '',
    `One event on an idle bank, from its commit to the commit of its inbox mark: p50 ${hop[0]},` +
      ` p95 ${hop[1]}.`,
    '',
  ].join('\n');
}

const server = await openBenchServer();
const facts = `${machineFacts()}; ${server.facts}`;
const sections = [report('PostgreSQL', await measure(server.url))];
if (redisUrl) sections.push(report('Redis', await measure(server.url, redisUrl)));
else console.log('Redis is not measured: REDIS_URL is not set');
await server.close();
const text = `# Events per second and hop latency

Written by \`node --import tsx bench/events.ts\`. Medians of ${runs} runs; one Node
process sends and takes.
Machine: ${facts}.

*Transport alone* sends jobs of this size and takes them without work. *Outbox to inbox* starts with
a full outbox and ends when every inbox mark is committed; the relay cuts its jobs itself, so there
the size is that of the transactions that published. Aims: 10,000/s on PostgreSQL and 40,000/s on
Redis for jobs of 50 before handlers' work, and a hop under 15 ms.

${sections.join('\n')}`;
await mkdir(new URL('.', resultPath), { recursive: true });
await writeFile(resultPath, text);
console.log(text);

import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { openQueues } from '@simplebank/chassis/queue';
import { silent } from '../tests/events/support/bank.ts';
import { createMessagingDatabase } from '../tests/events/support/messaging-database.ts';
import { forgetPrefix } from '../tests/events/support/redis.ts';
import { chainRate, hopLatencies, transportRate } from './events/runs.ts';
import { machineFacts, median, percentile, table } from './facts.ts';
import { openBenchServer } from './postgres.ts';

const batchSizes = [1, 10, 50, 100];
const runs = 3;
const redisUrl = process.env['REDIS_URL'];
const resultPath = new URL('./results/events.md', import.meta.url);

type Measured = {
  readonly rates: readonly string[];
  readonly chain: string;
  readonly hop: readonly string[];
};

/** Everything about one transport, in a database and under a prefix of its own. */
async function measure(serverUrl: string, redis?: string): Promise<Measured> {
  const database = await createMessagingDatabase(serverUrl);
  const prefix = `bench_${randomUUID().slice(0, 8)}`;
  const queues = await openQueues({
    redisUrl: redis,
    databaseUrl: database.url,
    prefix,
    log: silent,
  });
  try {
    const rates: string[] = [];
    // One after another: measured side by side they would measure each other.
    for (const size of batchSizes) rates.push(await rateOf(() => transportRate(queues, size)));
    const chain = await rateOf(() => chainRate(database.connect, queues));
    const latencies = await hopLatencies(database.connect, queues);
    const hop = [median(latencies), percentile(latencies, 0.95)].map((ms) => `${ms.toFixed(1)} ms`);
    return { rates, chain, hop };
  } finally {
    await queues.close();
    if (redis) await forgetPrefix(redis, prefix);
    await database.drop();
  }
}

/** The median of some runs. */
async function rateOf(run: () => Promise<number>): Promise<string> {
  const rates: number[] = [];
  for (let n = 0; n < runs; n += 1) rates.push(await run());
  return `${Math.round(median(rates)).toLocaleString('en')}/s`;
}

const report = (title: string, { rates, chain, hop }: Measured): string =>
  [
    `## ${title}`,
    '',
    table([
      ['events per job', ...batchSizes.map(String)],
      ['events per second', ...rates],
    ]),
    '',
    `From a full outbox to committed inbox marks: ${chain}. One event on an idle bank, from its`,
    `commit to the commit of its inbox mark: p50 ${hop[0]}, p95 ${hop[1]}.`,
    '',
  ].join('\n');

const server = await openBenchServer();
const facts = `${machineFacts()};\n${server.facts}`;
const sections = [report('PostgreSQL', await measure(server.url))];
if (redisUrl) sections.push(report('Redis', await measure(server.url, redisUrl)));
else console.log('Redis is not measured: REDIS_URL is not set');
await server.close();
const text = `# Events per second and hop latency

Written by \`node --import tsx bench/events.ts\`. Medians of ${runs} runs; one Node
process sends and takes.
Machine: ${facts}.

The tables send jobs of this size and take them without work. Aims: 10,000/s on PostgreSQL and
40,000/s on Redis for jobs of 50 before handlers' work, and a hop under 15 ms.

${sections.join('\n')}`;
await mkdir(new URL('.', resultPath), { recursive: true });
await writeFile(resultPath, text);
console.log(text);

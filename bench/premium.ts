import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { MeasuredBank } from './banks/bank.ts';
import { distributedBank } from './banks/distributed.ts';
import { embeddedBank } from './banks/embedded.ts';
import { redisMissing } from './banks/redis.ts';
import { machineFacts } from './facts.ts';
import { premiumTable } from './premium/report.ts';
import { type ModeRuns, measureMode } from './premium/run.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    customers: { type: 'string', default: '16' },
    /** Requests per second while latency is measured. */
    pace: { type: 'string', default: '30' },
    /** Customers who ask again at once while throughput is measured. */
    'at-once': { type: 'string', default: '16' },
    mode: { type: 'string', multiple: true, default: ['embedded', 'distributed'] },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const resultPath = new URL('./results/premium.md', import.meta.url);
const say = (line: string) => console.error(line);
const wishes = {
  ...{ runs: Number(values.runs), seconds: Number(values.seconds), pace: Number(values.pace) },
  ...{ customers: Number(values.customers), atOnce: Number(values['at-once']), say },
};

async function measure(open: () => Promise<MeasuredBank>): Promise<ModeRuns> {
  const bank = await open();
  try {
    return await measureMode(bank, wishes);
  } finally {
    await bank.close();
  }
}

const facts = machineFacts();
const missing = redisMissing();
const modes: ModeRuns[] = [];
if (values.mode.includes('embedded')) modes.push(await measure(async () => embeddedBank()));
if (values.mode.includes('distributed')) {
  if (missing) say(`the distributed bank is not measured: ${missing}`);
  else modes.push(await measure(distributedBank));
}

const text = `# What it costs to run as many processes

Written by \`npm run bench:premium\`. The same bank, the same work, the same machine, one mode
after the other: embedded is the one process of \`npm start\` with its queues on PostgreSQL;
distributed is every subgraph, service and gateway by itself, with its queues on a Redis. Medians
of ${wishes.runs} runs, each with a start of its own. ${wishes.customers} customers read quotes
and portfolios and place market orders, two reads of each kind to an order. Latency is that of a
schedule of ${wishes.pace} requests per second over ${wishes.seconds} s, counted from when each
was due; throughput is that of ${wishes.atOnce} customers who ask again when they are answered,
for ${wishes.seconds} s. The simulated venue takes 50 to 300 ms for each of one to four
executions, in both modes.

RSS counts shared pages once per process, PSS divides them among their sharers. The start of the
embedded bank includes that of its PostgreSQL; the distributed one finds PostgreSQL and Redis
running. Both find their databases made. The first request is a customer's portfolio.

Machine: ${facts}.

${premiumTable(modes)}

${modes.map(({ mode, proof }) => `The reconciler at the end, ${mode}: ${proof}`).join('\n')}
`;
if (!values.dry) {
  await mkdir(new URL('.', resultPath), { recursive: true });
  await writeFile(resultPath, text);
}
console.log(text);

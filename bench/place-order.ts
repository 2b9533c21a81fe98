import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { forgetPrefix } from '../tests/events/support/redis.ts';
import { booksAgree } from './banks/books.ts';
import { machineFacts } from './facts.ts';
import { symbols } from './load/lanes.ts';
import { openBenchBank } from './place-order/bank.ts';
import { openPeople } from './place-order/people.ts';
import {
  costTable,
  type Figures,
  figuresOf,
  figuresTable,
  stepTable,
  summary,
} from './place-order/report.ts';
import { openTables } from './place-order/rows.ts';
import { nothingLost, runOnce, type Setup } from './place-order/run.ts';
import { forgetStatements, statementTable } from './statements.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    customers: { type: 'string', default: '20' },
    /** Orders per second that fall due, one run after the other; 0 is as many as there can be. */
    rate: { type: 'string', multiple: true, default: ['100', '150', '200', '0'] },
    /** Asks PostgreSQL which statements it spent its time on, too. That costs it a little. */
    statements: { type: 'boolean', default: false },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, customers] = [Number(values.seconds), Number(values.customers)];
const rates = values.rate.map(Number);
const resultPath = new URL('./results/place-order.md', import.meta.url);
const redisUrl = process.env['REDIS_URL'];
/** The queues of the bank, in a database of Redis that is its own. */
const redisPrefix = 'simplebank';
const redisDatabase = 9;

/** Some runs on one bank, each after the one before has come to rest; the books are proved last. */
async function measure(title: string, env: Readonly<Record<string, string>>): Promise<string> {
  const bank = await openBenchBank(env, { countsStatements: values.statements });
  try {
    const tables = await openTables(bank.adminUrl);
    const setup = { bank, tables, people: await openPeople(bank.webUrl, customers) };
    const done: Section[] = [];
    for (const rate of rates) done.push(await section(setup, { rate, nth: done.length + 1 }));
    const proof = await booksAgree({ SIMPLEBANK_DATA_DIR: bank.dataDir });
    await tables.close();
    return [
      ...[`## ${title}`, '', summary(done.map(({ figures }) => figures)), ''],
      ...done.map(({ text }) => text),
      ...[`The reconciler at the end: ${proof}`, ''],
    ].join('\n');
  } finally {
    await bank.close();
  }
}

type Section = { readonly figures: Figures; readonly text: string };

async function section(
  setup: Setup,
  { rate, nth }: { readonly rate: number; readonly nth: number },
): Promise<Section> {
  const pace = rate > 0 ? `${rate} orders due per second` : 'flat out';
  const title = `### Run ${nth}: ${customers} customers, ${seconds} s, ${pace}`;
  if (values.statements) await forgetStatements(setup.bank.adminUrl);
  const outcome = await runOnce(setup, { seconds, rate, run: `run-${nth}`, symbols });
  const figures = figuresOf(outcome);
  const troubles = Object.entries(figures.troubles).map(([what, n]) => `${what}: ${n}`);
  const text = [
    ...[title, '', figuresTable(figures), ''],
    ...(troubles.length > 0 ? [`Not accepted: ${troubles.join('; ')}.`, ''] : []),
    ...[costTable(outcome), '', stepTable(outcome), ''],
    ...(values.statements
      ? [await statementTable(setup.bank.adminUrl, outcome.orders.length), '']
      : []),
  ].join('\n');
  console.log(text);
  nothingLost(outcome);
  return { figures, text };
}

async function onRedis(): Promise<readonly string[]> {
  if (!redisUrl) {
    console.log('Redis is not measured: REDIS_URL is not set');
    return [];
  }
  const url = new URL(redisUrl);
  url.pathname = `/${redisDatabase}`;
  await forgetPrefix(url.href, redisPrefix);
  const text = await measure('Queues on Redis', { REDIS_URL: url.href });
  await forgetPrefix(url.href, redisPrefix);
  return [text];
}

const facts = machineFacts();
const sections = [
  await measure('Queues on PostgreSQL, as npm start has them', {}),
  ...(await onRedis()),
];
const text = `# Placing orders, from the request to the final state

Written by \`npm run bench:place-order\`. One process is the whole bank, beside it its PostgreSQL
from npm with its ordinary durability; the load generator is a process of its own and shares the
cores. Market orders for one to three shares over ${symbols.length} assets go through the web
gateway, every fourth a sale; the simulated venue takes 50 to 300 ms for each of one to four
executions. Final times are read from the orders database afterwards.

A paced load has a schedule on which each customer's orders fall due, and every time counts from
then, so an order that waits for a slow answer before it is slow itself. It is borne as the floor
asks if all orders are accepted, the rate to within 1 %, with a p95 below 100 ms, 95 % of the rate
complete during the load, and the last order is final 2 s after it. Flat out, each customer places
the next order when the answer is there.

Machine: ${facts}.

${sections.join('\n')}`;
if (!values.dry) {
  await mkdir(new URL('.', resultPath), { recursive: true });
  await writeFile(resultPath, text);
}
console.log(text);

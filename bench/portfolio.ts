import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuBetween, cpuTimes } from './banks/processes.ts';
import { machineFacts, percentile, table } from './facts.ts';
import type { BenchBank } from './place-order/bank.ts';
import { openPortfolioBank } from './portfolio/bank.ts';
import { load, look, openViewers, type Viewer } from './portfolio/load.ts';
import { forgetStatements, statementsByDatabase } from './statements.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    /** Customers who look at the same time, one run after the other, each flat out and at ease. */
    customers: { type: 'string', multiple: true, default: ['1', '20'] },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const runs = values.customers.map(Number);
const resultPath = new URL('./results/portfolio.md', import.meta.url);
const aimMs = 100;
const aimCustomers = 20;
const warmUpSeconds = 5;

/** At ease a customer looks at a portfolio for two seconds before asking again. */
const looks = [0, 2_000];

type Run = {
  readonly customers: number;
  readonly lookMs: number;
  readonly ms: readonly number[];
  readonly perSecond: number;
  /** Processor milliseconds for each request, by who used them. */
  readonly cpu: Readonly<Record<string, number>>;
};

async function measure(bank: BenchBank, viewers: readonly Viewer[], lookMs: number): Promise<Run> {
  const before = cpuTimes(bank.processes);
  const { ms, seconds: took } = await load(viewers, { seconds, lookMs });
  const used = cpuBetween(before, cpuTimes(bank.processes));
  const each = Object.entries(used).map(([who, total]) => [who, total / ms.length] as const);
  const perSecond = ms.length / took;
  return { customers: viewers.length, lookMs, ms, perSecond, cpu: Object.fromEntries(each) };
}

/** Statements that one customer's requests cause: those of an idle bank are taken off. */
async function statements(bank: BenchBank, viewer: Viewer): Promise<string> {
  const requests = 100;
  await forgetStatements(bank.adminUrl);
  const startedAt = performance.now();
  for (let nth = 0; nth < requests; nth += 1) await look(viewer);
  const took = performance.now() - startedAt;
  const counted = await statementsByDatabase(bank.adminUrl);
  await forgetStatements(bank.adminUrl);
  await pause(took);
  const idle = await statementsByDatabase(bank.adminUrl);
  const rows = counted.map(({ database, calls }) => {
    const without = idle.find((one) => one.database === database)?.calls ?? 0;
    return [database, Math.max(0, (calls - without) / requests).toFixed(1)];
  });
  return table([['database', 'SELECT statements per request'], ...rows]);
}

function figures(measured: readonly Run[]): string {
  const line = ({ customers, lookMs, ms, perSecond, cpu }: Run): readonly string[] => {
    const p95 = percentile(ms, 0.95);
    const aim = customers === aimCustomers ? (p95 < aimMs ? 'reached' : 'MISSED') : '–';
    const [node = 0, all] = [cpu['bank (Node)'], Object.values(cpu).reduce((a, b) => a + b, 0)];
    return [
      ...[String(customers), lookMs > 0 ? `every ${lookMs / 1_000} s` : 'flat out'],
      ...[String(ms.length), perSecond.toFixed(1)],
      ...[percentile(ms, 0.5).toFixed(0), p95.toFixed(0), aim, node.toFixed(1), all.toFixed(1)],
    ];
  };
  const head = [
    ...[
      'customers at once',
      'each asks',
      'requests',
      'per second',
      'p50 ms',
      'p95 ms',
      `p95 < ${aimMs} ms`,
    ],
    ...['Node, CPU ms each', 'with PostgreSQL'],
  ];
  return table([head, ...measured.map(line)]);
}

const facts = machineFacts();
const bank = await openPortfolioBank(Math.max(...runs));
try {
  const viewers = await openViewers(bank.webUrl, Math.max(...runs));
  await load(viewers.slice(0, 2), { seconds: warmUpSeconds, lookMs: 0 });
  const measured: Run[] = [];
  for (const lookMs of looks) {
    for (const customers of runs) {
      measured.push(await measure(bank, viewers.slice(0, customers), lookMs));
    }
  }
  const [first] = viewers;
  const counted = first ? await statements(bank, first) : '';
  const text = `# Looking at a portfolio

Written by \`npm run bench:portfolio\`. One process is the whole bank, beside it its PostgreSQL from
npm; the load generator is a process of its own and shares the cores. Each customer has 50 holdings
and a year of values, made by the bank's own commands on a virtual clock, and asks the web gateway
for the account, all holdings with their assets and gains, and the performance of a year with its
daily series. Flat out the next request follows the answer; at ease a customer looks at it for
about two seconds. An answer that is not whole ends the run.

Machine: ${facts}.

${figures(measured)}

${counted}
`;
  if (!values.dry) {
    await mkdir(new URL('.', resultPath), { recursive: true });
    await writeFile(resultPath, text);
  }
  console.log(text);
} finally {
  await bank.close();
}

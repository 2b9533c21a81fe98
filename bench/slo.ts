import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { MeasuredBank } from './banks/bank.ts';
import { distributedBank } from './banks/distributed.ts';
import { embeddedBank } from './banks/embedded.ts';
import { redisMissing } from './banks/redis.ts';
import { machineFacts } from './facts.ts';
import { objective } from './objective.ts';
import { comparison, mixTable, modeSection } from './slo/report.ts';
import { findRate, type ModeResult } from './slo/run.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '24' },
    'step-seconds': { type: 'string', default: '15' },
    /** Steps of each mode; one of 15 s with what comes after it takes about 18 s. */
    steps: { type: 'string', default: '9' },
    from: { type: 'string', default: '40' },
    until: { type: 'string', default: '2000' },
    mode: { type: 'string', multiple: true, default: ['embedded', 'distributed'] },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const resultPath = new URL('./results/slo.md', import.meta.url);
const say = (line: string) => console.error(line);

const wishes = {
  customers: Number(values.customers),
  stepSeconds: Number(values['step-seconds']),
  stepsMax: Number(values.steps),
  ...{ from: Number(values.from), until: Number(values.until), say },
};

async function measure(open: () => Promise<MeasuredBank>): Promise<ModeResult> {
  const bank = await open();
  try {
    return await findRate(bank, wishes);
  } finally {
    await bank.close();
  }
}

const facts = machineFacts();
const missing = redisMissing();
const results: ModeResult[] = [];
if (values.mode.includes('embedded')) results.push(await measure(async () => embeddedBank()));
if (values.mode.includes('distributed')) {
  if (missing) say(`the distributed bank is not measured: ${missing}`);
  else results.push(await measure(distributedBank));
}

const text = `# How much of a trading day the bank bears

Written by \`npm run bench:slo\`. ${wishes.customers} customers ask the web gateway for quotes,
lists of assets, portfolios, orders and activities, place and cancel orders and pay money in, in
the shape of a trading day that is pressed into ${wishes.stepSeconds} s. Requests fall due by a
schedule as people arrive who know nothing of each other, and leave whatever became of those
before; each time counts from when the request was due, so nothing slow hides behind something
slow. A rate is borne when ${objective.percentile} % of all requests are answered in less than
${objective.underMs} ms (\`gateways/web/service.yml\`) and none fails. The rate doubles until it
is not borne, then what lies between is halved. Sign-ins are not part of it: their price is that
of a password's hash, by intention.

Bank, databases, load generator and the bench's own looking share the machine. Cores are counted per
process from \`/proc\`; lag of the event loop is each process's own figure, p99; waits of statements
are samples of \`pg_stat_activity\`. Used is the part of what there is: one core for the code of a
Node process, all cores for PostgreSQL. Placed orders go on to the venue and the ledger meanwhile;
the backlog is the deliveries of events still to come when the last request was answered.

Machine: ${facts}.

${mixTable()}

${comparison(results)}

${results.map(modeSection).join('\n')}`;
if (!values.dry) {
  await mkdir(new URL('.', resultPath), { recursive: true });
  await writeFile(resultPath, text);
}
console.log(text);

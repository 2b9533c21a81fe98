import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { MeasuredBank } from './banks/bank.ts';
import { openCrowd } from './banks/crowd.ts';
import { distributedBank } from './banks/distributed.ts';
import { embeddedBank } from './banks/embedded.ts';
import { redisMissing } from './banks/redis.ts';
import { type Watched, watch } from './banks/watch.ts';
import { machineFacts, table } from './facts.ts';
import { isBorne, spread, timesOf, troublesOf } from './load/figures.ts';
import { symbols } from './load/lanes.ts';
import { openLoad } from './load/load.ts';
import { reads } from './load/mixes.ts';
import { objective } from './objective.ts';
import { openTables } from './place-order/rows.ts';
import { limiting } from './slo/limiting.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    'peak-seconds': { type: 'string', default: '10' },
    customers: { type: 'string', default: '24' },
    mode: { type: 'string', multiple: true, default: ['embedded', 'distributed'] },
    /** Of each process of the distributed bank, one run after the other. */
    copies: { type: 'string', multiple: true, default: ['1'] },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const resultPath = new URL('./results/reads.md', import.meta.url);
const say = (line: string) => console.error(line);

/** The literature's June: 400 calls a second on average and 1,400 when 70 % of users are active. */
const wanted = [
  { name: 'sustained', perSecond: 400, seconds: Number(values.seconds) },
  { name: 'peak', perSecond: 1_400, seconds: Number(values['peak-seconds']) },
];
const warmUp = { name: 'warm-up', perSecond: 40, seconds: 8 };

type Row = { readonly title: string; readonly name: string; readonly watched: Watched };

async function measure(title: string, measured: MeasuredBank): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const bank = await measured.start();
  const load = openLoad();
  try {
    const tables = await openTables(measured.adminUrl());
    const lanes = await openCrowd(bank, Number(values.customers));
    const setting = { bank, adminUrl: measured.adminUrl(), tables };
    for (const { name, ...pace } of [warmUp, ...wanted]) {
      const own = { lanes, symbols, phases: reads, seed: 16, run: name };
      const plan = { webUrls: [bank.webUrl], ...own, ...pace };
      const watched = await watch(setting, () => load.run(plan));
      say(`${title}: ${name} is done`);
      if (name !== warmUp.name) rows.push({ title, name, watched });
    }
    await tables.close();
  } finally {
    load.close();
    await bank.stop();
    await measured.close();
  }
  return rows;
}

function line({ title, name, watched }: Row): readonly string[] {
  const { samples, cutShort } = watched.load;
  const asked = wanted.find((one) => one.name === name)?.perSecond ?? 0;
  const whole = samples.filter(({ trouble }) => trouble === null).length;
  const verdict = isBorne(watched.load, objective) ? 'reached' : 'MISSED';
  const [trouble = cutShort ? 'the load was cut short' : ''] = troublesOf(samples);
  return [
    ...[title, `${asked}/s ${name}`, `${(whole / watched.seconds).toFixed(0)}/s`],
    ...[spread(timesOf(samples)), verdict, trouble, limiting(watched)],
  ];
}

const facts = machineFacts();
const rows: Row[] = [];
if (values.mode.includes('embedded')) rows.push(...(await measure('embedded', embeddedBank())));
const missing = redisMissing();
if (values.mode.includes('distributed') && missing) {
  say(`the distributed bank is not measured: ${missing}`);
} else if (values.mode.includes('distributed')) {
  for (const copies of values.copies.map(Number)) {
    const title = copies === 1 ? 'distributed' : `distributed, ${copies} of each`;
    rows.push(...(await measure(title, await distributedBank(copies))));
  }
}

const head = [
  ...['bank', 'calls asked for', 'answered', 'p50 / p95 / p99, ms'],
  ...[`p${objective.percentile} < ${objective.underMs} ms, no error`, 'most frequent error'],
  'what was narrow',
];
const text = `# Reading quotes, assets and portfolios

Written by \`npm run bench:reads\`. ${values.customers} customers ask the web gateway: 60 of 100
requests for a quote, 20 for a page of assets, 20 for a portfolio with its balances and positions.
Requests fall due as people arrive who know nothing of each other, and each time counts from when
the request was due. 400 calls a second are held for ${values.seconds} s, 1,400 for
${values['peak-seconds']} s. The load generator shares the machine.

Machine: ${facts}.

${table([head, ...rows.map(line)])}
`;
if (!values.dry) {
  await mkdir(new URL('.', resultPath), { recursive: true });
  await writeFile(resultPath, text);
}
console.log(text);

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { machineFacts, median } from './facts.ts';
import {
  type Contender,
  contenders,
  otherCore,
  pin,
  type Setting,
  startStubs,
} from './gateway/contenders.ts';
import { openKeys } from './gateway/keys.ts';
import { ask, load, type Measured, type Question } from './gateway/load.ts';
import { type Results, report, type Scenario } from './gateway/report.ts';
import { largeQuery, smallQuery, typeDefs } from './gateway/shop.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    /** Only contenders whose name holds this. */
    only: { type: 'string', default: '' },
    /** Leaves the file with the results as it is. */
    dry: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const runs = Number(values.runs);
const warmUpSeconds = 2;
/** Five hundred callers wait for seconds each: a long run says more than short ones. */
const stressTimes = 3;

const large: Question = { query: largeQuery, unique: false };
const scenarios: readonly (Scenario & { readonly question: Question })[] = [
  { key: 'large', title: 'large query, 50 connections', connections: 50, runs, question: large },
  {
    key: 'unique',
    title: 'large query, variables never the same, 50 connections',
    connections: 50,
    runs,
    question: { query: largeQuery, unique: true },
  },
  {
    key: 'small',
    title: 'small query (four fetches), 50 connections',
    connections: 50,
    runs,
    question: { query: smallQuery, unique: false },
  },
  {
    key: 'stress',
    title: 'large query, variables never the same, 500 connections',
    connections: 500,
    runs: 1,
    question: { query: largeQuery, unique: true },
  },
];

const middle = (measured: readonly Measured[]): Measured => {
  const of = (pick: (one: Measured) => number) => median(measured.map(pick));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p95Ms: of(({ p95Ms }) => p95Ms),
    cpuMs: of(({ cpuMs }) => cpuMs),
    residentMb: Math.max(...measured.map(({ residentMb }) => residentMb)),
    answered: measured.reduce((sum, { answered }) => sum + answered, 0),
    wrong: measured.reduce((sum, { wrong }) => sum + wrong, 0),
  };
};

type Answers = Record<string, unknown>;
const expected: Answers = {};

/** Whoever answers something else than the first one is not measured but named. */
async function agree(url: string, token: string | null): Promise<void> {
  for (const { key, question } of scenarios) {
    const { data } = await ask({ url, token, question, connections: 1, seconds: 1 });
    expected[key] ??= data;
    if (!isDeepStrictEqual(expected[key], data)) throw new Error(`another answer: ${key}`);
  }
}

async function measure({ start, signed }: Contender, setting: Setting, token: string) {
  const started = await start(setting);
  const { url, pid } = started;
  const shown = signed ? token : null;
  try {
    await agree(url, shown);
    const results: Record<string, Measured> = {};
    for (const { key, question, connections, runs: times } of scenarios) {
      const once = { url, pid, token: shown, question, connections };
      await load({ ...once, seconds: warmUpSeconds });
      const measured: Measured[] = [];
      const each = times === 1 ? stressTimes * seconds : seconds;
      for (let n = 0; n < times; n += 1) measured.push(await load({ ...once, seconds: each }));
      results[key] = middle(measured);
    }
    return results;
  } finally {
    await started.stop();
  }
}

async function main(): Promise<void> {
  pin(process.pid, otherCore);
  const folder = await mkdtemp(join(tmpdir(), 'simplebank-bench-gateway-'));
  const stubs = await startStubs();
  const keys = await openKeys();
  try {
    const urls = Object.fromEntries(stubs.map(([name, { url }]) => [name, url]));
    const supergraph = join(folder, 'supergraph.graphql');
    await writeFile(supergraph, compose(urls));
    const { present, absent } = contenders();
    const results: Results = new Map();
    for (const contender of present.filter(({ name }) => name.includes(values.only))) {
      try {
        const setting = { supergraph, urls, keysUrl: keys.url };
        results.set(contender.name, await measure(contender, setting, keys.token));
      } catch (error) {
        absent.push(`${contender.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    const text = report({ results, scenarios, absent, facts: machineFacts(), seconds });
    console.log(text);
    if (values.dry) return;
    await mkdir(new URL('./results', import.meta.url), { recursive: true });
    await writeFile(new URL('./results/gateway.md', import.meta.url), text);
  } finally {
    keys.close();
    await Promise.all(stubs.map(([, { stop }]) => stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

function compose(urls: Readonly<Record<string, string>>): string {
  const services = Object.entries(typeDefs).map(([name, text]) => ({
    name,
    url: `${urls[name]}/graphql`,
    typeDefs: parse(text),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
await main();

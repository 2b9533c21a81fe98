import type { MeasuredBank, RunningBank } from '../banks/bank.ts';
import { openCrowd } from '../banks/crowd.ts';
import { memory } from '../banks/processes.ts';
import { watch } from '../banks/watch.ts';
import { troublesOf } from '../load/figures.ts';
import { symbols } from '../load/lanes.ts';
import { type Load, type LoadResult, openLoad, type Plan } from '../load/load.ts';
import { mixed } from '../load/mixes.ts';
import { post } from '../load/post.ts';
import { bodyOf, judge, type Lane } from '../load/requests.ts';
import { openTables, type Tables } from '../place-order/rows.ts';

/** What is timed: `filled` is the placed order again, until its final state. */
export type Timed = 'quote' | 'portfolio' | 'place' | 'filled';
export const timed: readonly Timed[] = ['quote', 'portfolio', 'place', 'filled'];

export type Run = {
  readonly readyMs: number;
  readonly firstRequestMs: number;
  readonly ms: Readonly<Record<Timed, readonly number[]>>;
  /** Flat out. */
  readonly perSecond: number;
  readonly flatOutCores: number;
  readonly cpuMsEach: number;
  readonly atRest: ReturnType<typeof memory>;
  readonly afterLoad: ReturnType<typeof memory>;
};

export type Wishes = {
  readonly runs: number;
  readonly customers: number;
  /** Of the paced part and of the part flat out, each. */
  readonly seconds: number;
  /** Requests per second of the paced part: both modes must bear it. */
  readonly pace: number;
  readonly atOnce: number;
  readonly say: (line: string) => void;
};

const warmUpSeconds = 5;
const seed = 14;

type Setting = {
  readonly bank: RunningBank;
  readonly adminUrl: string;
  readonly tables: Tables;
  readonly load: Load;
  readonly planOf: (seconds: number, part: string, more?: Partial<Plan>) => Plan;
};

function wholeOrThrow({ samples }: LoadResult): void {
  const [first] = troublesOf(samples);
  if (first) throw new Error(`a run with failures is no measure: ${first}`);
}

/** Until each order was final, from when it was due. */
async function filledMs({ tables }: Setting, load: LoadResult, accounts: readonly string[]) {
  const rows = await tables.orders(accounts, new Date(load.startedAt));
  const finalAt = new Map(rows.map(({ id, finalAt }) => [id, finalAt]));
  return load.samples.flatMap(({ orderId, dueAt }) => {
    const at = orderId ? finalAt.get(orderId) : undefined;
    return at == null ? [] : [at - dueAt];
  });
}

async function timesOf(setting: Setting, wishes: Wishes): Promise<Run['ms']> {
  const { load, planOf } = setting;
  const plan = planOf(wishes.seconds, 'paced');
  const { load: result } = await watch(setting, () => load.run(plan));
  wholeOrThrow(result);
  const of = (operation: string) =>
    result.samples.flatMap((sample) => (sample.operation === operation ? [sample.ms] : []));
  const accounts = plan.lanes.map(({ accountId }) => accountId);
  const filled = await filledMs(setting, result, accounts);
  return { quote: of('quote'), portfolio: of('portfolio'), place: of('place'), filled };
}

async function flatOut(setting: Setting, { seconds, atOnce }: Wishes) {
  const { load, planOf } = setting;
  const watched = await watch(setting, () => load.run(planOf(seconds, 'flat-out', { atOnce })));
  wholeOrThrow(watched.load);
  const cores = Object.values(watched.cores).reduce((sum, each) => sum + each, 0);
  const perSecond = watched.load.samples.length / watched.seconds;
  return { perSecond, flatOutCores: cores, cpuMsEach: (cores * 1_000) / perSecond };
}

/** What the first customer after a start waits for a portfolio. */
async function firstRequest({ webUrl }: RunningBank, lane: Lane): Promise<number> {
  const from = performance.now();
  const body = bodyOf({ operation: 'portfolio', lane, key: '', nth: 0, symbols });
  const { trouble } = judge(await post(webUrl, lane.authorization, body));
  if (trouble !== null) throw new Error(`the first request failed: ${trouble}`);
  return performance.now() - from;
}

type Place = { readonly lanes: readonly Lane[]; readonly nth: number };

async function runOnce(measured: MeasuredBank, wishes: Wishes, place: Place): Promise<Run> {
  const bank = await measured.start();
  const { lanes, nth } = place;
  const load = openLoad();
  const tables = await openTables(measured.adminUrl());
  const planOf: Setting['planOf'] = (seconds, part, more = {}) => ({
    ...{ webUrls: [bank.webUrl], lanes, symbols, phases: mixed, perSecond: wishes.pace },
    ...{ seconds, seed: seed + nth, run: `run-${nth}-${part}`, ...more },
  });
  const setting = { bank, adminUrl: measured.adminUrl(), tables, load, planOf };
  try {
    const [first] = lanes;
    if (!first) throw new Error('nobody is there to ask');
    const firstRequestMs = await firstRequest(bank, first);
    await watch(setting, () => load.run(planOf(warmUpSeconds, 'warm-up')));
    const atRest = memory(bank.processes);
    const ms = await timesOf(setting, wishes);
    const most = await flatOut(setting, wishes);
    const afterLoad = memory(bank.processes);
    return { readyMs: bank.readyMs, firstRequestMs, ms, ...most, atRest, afterLoad };
  } finally {
    load.close();
    await tables.close();
    await bank.stop();
  }
}

export type ModeRuns = {
  readonly mode: MeasuredBank['mode'];
  readonly runs: readonly Run[];
  readonly proof: string;
};

/** A first start that makes databases and customers and is not counted, then run after run. */
export async function measureMode(measured: MeasuredBank, wishes: Wishes): Promise<ModeRuns> {
  const bank = await measured.start();
  let lanes: readonly Lane[];
  try {
    lanes = await openCrowd(bank, wishes.customers);
  } finally {
    await bank.stop();
  }
  const runs: Run[] = [];
  for (let nth = 1; nth <= wishes.runs; nth += 1) {
    runs.push(await runOnce(measured, wishes, { lanes, nth }));
    wishes.say(`${measured.mode}: run ${nth} of ${wishes.runs} is done`);
  }
  const last = await measured.start();
  try {
    return { mode: measured.mode, runs, proof: await measured.booksAgree() };
  } finally {
    await last.stop();
  }
}

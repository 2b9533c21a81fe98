import { type DailyCandle, dailyCandlesMax, type History } from '@simplebank/assets/simulation';
import type { Viewer } from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock, type VirtualClock } from '@simplebank/testkit/clock';
import { createSeededIds } from '@simplebank/testkit/ids';
import { type ExecutionResult, execute, parse } from 'graphql';
import type { Environment } from '../embedded/settings.ts';
import { createExchange } from './exchange.ts';
import { createLines, type Ear, type Lines } from './lines.ts';
import { nowhere, type Outboxes, openOutboxes } from './outboxes.ts';
import { patiently } from './patience.ts';
import { createPayer } from './payer.ts';
import { openAssetHistory, openStations, type Stations } from './stations.ts';

export type Asking = {
  readonly context: Subscriber;
  readonly viewer: Viewer;
  readonly text: string;
  readonly input: Readonly<Record<string, unknown>>;
};

/**
 * The bank in an earlier time: its own commands, handlers and jobs on its own databases, one step
 * after the other, while the clock stands where it was put.
 */
export type Past = {
  readonly clock: VirtualClock;
  /** A mutation's success. Throws on a refusal and on an error: the past is written to succeed. */
  readonly ask: <T>(asking: Asking) => Promise<T>;
  /** Runs the jobs of a context that have these names, in their order. */
  readonly run: (context: Subscriber, ...jobs: readonly string[]) => Promise<void>;
  /** Hands over what the contexts tell each other, until none has anything to tell. */
  readonly pump: () => Promise<void>;
  /** Writes trading days of assets, and says what they closed at. */
  readonly record: (days: readonly DailyCandle[]) => Promise<void>;
  /** Throws when anything was left undone. */
  readonly close: () => Promise<void>;
};

export type PastOptions = {
  readonly seed: string;
  readonly start: Date;
  /** Of every process, with the databases. */
  readonly env: Environment;
  readonly log: Logger;
  readonly priceOf: (symbol: string, at: Date) => Decimal;
  readonly hear: Ear;
};

type Opened = {
  readonly clock: VirtualClock;
  readonly lines: Lines;
  readonly stations: Stations;
  readonly outboxes: Outboxes;
  readonly history: History;
  /** Contexts that may have published something. */
  readonly dirty: Set<Subscriber>;
};

export async function openPast(options: PastOptions): Promise<Past> {
  const { seed, start, env, log, priceOf } = options;
  const clock = createVirtualClock(start);
  const lines = createLines(options.hear);
  const exchange = createExchange({ clock, priceOf: (symbol) => priceOf(symbol, clock.now()) });
  const shared = createMemoryShared({ log });
  const runtimeOf = (context: Subscriber, name: string = context): Runtime => ({
    ...{ clock, log: log.child({ service: context }), queues: nowhere, shared },
    newId: createSeededIds(`${seed}/${name}`),
  });
  const provider = createPayer(clock);
  const stations = await openStations({ env, venue: exchange, provider, runtimeOf });
  const outboxes = await openOutboxes(env);
  const history = openAssetHistory(env, runtimeOf('assets', 'days of assets'));
  const opened: Opened = { clock, lines, stations, outboxes, history, dirty: new Set() };
  return {
    clock,
    ask: (asking) => ask(opened, asking),
    run: (context, ...jobs) => run(opened, context, jobs),
    pump: () => pump(opened),
    record: (days) => record(opened, days),
    close: () => close(opened),
  };
}

const documents = new Map<string, ReturnType<typeof parse>>();

function documentOf(text: string) {
  const known = documents.get(text) ?? parse(text);
  documents.set(text, known);
  return known;
}

/** As a context's HTTP door asks, without HTTP. */
async function ask<T>({ stations, dirty, clock }: Opened, asking: Asking): Promise<T> {
  const { context, viewer, text, input } = asking;
  const { graph } = stations[context];
  if (!graph) throw new Error(`${context} answers no requests`);
  const requestId = `past-${clock.now().toISOString()}`.replaceAll(':', '.');
  const cause = { correlationId: requestId, causationId: null, traceparent: null };
  dirty.add(context);
  const { data } = await patiently(async () => {
    const answered: ExecutionResult = await execute({
      schema: graph.schema,
      document: documentOf(text),
      contextValue: graph.contextFor({ viewer, cause, requestId }),
      variableValues: { input },
    });
    const [error] = answered.errors ?? [];
    if (error) throw error.originalError ?? error;
    return answered;
  });
  const [answer] = Object.values(data ?? {}) as { __typename?: string; code?: string }[];
  if (answer?.__typename?.endsWith('Refusal')) {
    throw new Error(`${JSON.stringify(input)} was refused: ${answer.code}`);
  }
  return answer as T;
}

async function run({ stations, dirty }: Opened, context: Subscriber, names: readonly string[]) {
  for (const name of names) {
    const job = stations[context].jobs.find((one) => one.name === name);
    if (!job) throw new Error(`${context} has no job ${name}`);
    dirty.add(context);
    await patiently(job.run);
  }
}

async function record({ history, dirty }: Opened, days: readonly DailyCandle[]): Promise<void> {
  dirty.add('assets');
  for (let start = 0; start < days.length; start += dailyCandlesMax) {
    const some = days.slice(start, start + dailyCandlesMax);
    await patiently(() => history.record(some, { tellsOthers: true }));
  }
}

const roundsMax = 200;
const batchMax = 100;
/** Others build on what these hear only when all is said: they hear it in few large batches. */
const patient: readonly (readonly Subscriber[])[] = [['strategies'], ['notifications']];

/** Contexts work side by side within a round: each has a database of its own. */
async function pump(opened: Opened): Promise<void> {
  const { lines, dirty } = opened;
  for (let round = 0; round < roundsMax; round += 1) {
    const speaking = [...dirty];
    dirty.clear();
    await Promise.all(speaking.map((context) => listen(opened, context)));
    const ready = lines.waiting();
    if (ready.length === 0) return;
    const hurried = ready.filter((name) => !patient.flat().includes(name));
    const next = [hurried, ...patient.map((some) => ready.filter((name) => some.includes(name)))];
    const hearing = next.find((some) => some.length > 0) ?? [];
    await Promise.all(hearing.map((context) => handOver(opened, context)));
  }
  throw new Error('the contexts never stop telling each other');
}

/** Nobody listens to what notifications has done. */
async function listen({ outboxes, lines }: Opened, context: Subscriber): Promise<void> {
  if (context === 'notifications') return;
  lines.send(context, await outboxes[context].read());
}

async function handOver({ stations, lines, dirty }: Opened, context: Subscriber): Promise<void> {
  dirty.add(context);
  const bodies = lines.take(context);
  for (let start = 0; start < bodies.length; start += batchMax) {
    const batch = bodies.slice(start, start + batchMax);
    await patiently(() => stations[context].applyBatch(batch));
  }
}

/**
 * Everything was handed over: what the relays find is marked and goes nowhere. A parked event is
 * not tried again: what it leads to would come after what it should have led to.
 */
async function close({ stations, outboxes, history }: Opened): Promise<void> {
  try {
    for (const [context, { hasParked }] of Object.entries(outboxes)) {
      if (await hasParked()) throw new Error(`${context} parked an event of the past`);
    }
    await Promise.all(Object.values(stations).map(({ relay }) => relay.drain()));
  } finally {
    const open = [...Object.values(stations), ...Object.values(outboxes), history];
    await Promise.all(open.map((one) => one.close()));
  }
}

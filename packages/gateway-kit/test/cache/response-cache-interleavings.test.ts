import { randomUUID } from 'node:crypto';
import type { Shared } from '@simplebank/chassis/shared';
import { openShared } from '@simplebank/chassis/shared';
import { afterEach, describe, expect, test } from 'vitest';
import type { Chance } from './chance.ts';
import { createChance } from './chance.ts';
import type { Instance, Text, Truth } from './world.ts';
import { createInstance, log, writtenKeys } from './world.ts';

const redisUrl = process.env['REDIS_URL'];
/** The same schedule again: a failure names its round, and a round is all its own. */
const seed = 20_261_121;
const instancesCount = 3;
const roundsAtOnce = 40;
const customersCount = roundsAtOnce / 2;

const opened: Shared[] = [];
const instances: Instance[] = [];
afterEach(async () => {
  for (const { cache } of instances.splice(0)) await cache.close();
  const [first] = opened;
  await first?.store.delete([...writtenKeys]).catch(() => undefined); // each has an end anyway
  writtenKeys.clear();
  for (const shared of opened.splice(0)) await shared.close();
});

async function openInstances(kind: 'memory' | 'redis', truth: Truth): Promise<void> {
  const prefix = `cache_${randomUUID().replaceAll('-', '')}`;
  const options = { redisUrl: kind === 'redis' ? redisUrl : undefined, prefix, log };
  for (let n = 0; n < instancesCount; n += 1) {
    const [first] = opened;
    const shared = kind === 'memory' && first ? first : await openShared(options);
    if (shared !== first) opened.push(shared);
    const instance = createInstance(shared, truth, createChance(seed + n));
    await instance.cache.start();
    instances.push(instance);
  }
}

type Faults = { foreign: string[]; stale: string[]; asked: number };

/** What the customer was told to be done must be in whatever they ask from then on. */
type Told = { own: number; assets: number };

async function read(round: Round, told: Told): Promise<void> {
  const { chance, customerId, faults, label } = round;
  const text: Text = chance.of(['own', 'ownInOtherWords', 'public', 'both']);
  const { own, assets } = told;
  const data = await chance.of(instances).ask(text, customerId);
  faults.asked += 1;
  const me = (data?.['me'] ?? data?.['mine']) as { id: string; version: number } | undefined;
  const [asset] = (data?.['assets'] ?? []) as { version: number }[];
  if (me && me.id !== customerId) faults.foreign.push(`${label}: ${me.id} for ${customerId}`);
  if (me && me.version < own) faults.stale.push(`${label}: ${text} ${me.version} < ${own}`);
  if (asset && asset.version < assets) faults.stale.push(`${label}: ${text} ${asset.version}`);
}

async function write({ chance, customerId, faults }: Round, told: Told): Promise<void> {
  faults.asked += 1;
  const kind = chance.of(['own', 'own', 'own', 'assets'] as const);
  const data = await chance.of(instances).ask(kind === 'own' ? 'write' : 'list', customerId);
  const version = Number(data?.[kind === 'own' ? 'write' : 'list']);
  told[kind] = Math.max(told[kind], version);
}

async function anonymousRead({ chance, faults, label }: Round): Promise<void> {
  faults.asked += 1;
  const data = await chance.of(instances).ask('own', null);
  if (data?.['me'] !== null) faults.foreign.push(`${label}: ${JSON.stringify(data)} for nobody`);
}

type Round = {
  readonly label: string;
  readonly chance: Chance;
  readonly customerId: string;
  readonly faults: Faults;
};

/** Reads and writes of one customer at once, on any instances, and reads after the writes. */
async function play(round: Round, told: Told): Promise<void> {
  const { chance } = round;
  const steps = [
    () => read(round, told),
    () => read(round, told),
    () => write(round, told).then(() => read(round, told)),
    ...(chance.below(4) === 0 ? [() => write(round, told).then(() => read(round, told))] : []),
    ...(chance.below(10) === 0 ? [() => anonymousRead(round)] : []),
  ];
  await Promise.all(
    steps.map(async (step) => {
      await chance.pause(12);
      await step();
    }),
  );
  await read(round, told);
}

async function playAll(kind: 'memory' | 'redis', rounds: number) {
  const truth: Truth = { versions: new Map(), assets: 0, runs: 0 };
  await openInstances(kind, truth);
  const faults: Faults = { foreign: [], stale: [], asked: 0 };
  const toldTo = Array.from({ length: customersCount }, (): Told => ({ own: 0, assets: 0 }));
  let next = 0;
  const player = async (_: unknown, n: number) => {
    // One customer is played by two players, so that their rounds interleave as well.
    const customer = n % customersCount;
    const customerId = `c${customer}`;
    const told = toldTo[customer] ?? { own: 0, assets: 0 };
    for (let round = next; round < rounds; round = next) {
      next += 1;
      const chance = createChance(seed * 31 + round);
      const label = `seed ${seed} round ${round} over ${kind}`;
      await play({ label, chance, customerId, faults }, told);
    }
  };
  await Promise.all(Array.from({ length: roundsAtOnce }, player));
  return { faults, truth };
}

function expectNone({ foreign, stale }: Faults): void {
  expect({ foreign: foreign.slice(0, 5), stale: stale.slice(0, 5) }).toEqual({
    foreign: [],
    stale: [],
  });
}

test('1,000 interleavings in one process leak nothing and miss no own write', async () => {
  const { faults, truth } = await playAll('memory', 1_000);
  expectNone(faults);
  // Or nothing was proved: some reads must have been answered without running.
  expect(truth.runs).toBeLessThan(faults.asked);
}, 60_000);

describe.skipIf(!redisUrl)('over Redis', () => {
  test('10,000 interleavings on three instances leak nothing and miss no own write', async () => {
    const { faults, truth } = await playAll('redis', 10_000);
    expectNone(faults);
    expect(truth.runs).toBeLessThan(faults.asked);
  }, 300_000);
});

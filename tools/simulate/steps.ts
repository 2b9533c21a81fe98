import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { act, begin } from './act.ts';
import type { Station } from './bank.ts';
import type { Context } from './grounds.ts';
import { stations, type World } from './world.ts';

/** Sends what a context has published. */
export async function relay(world: World, station: Station): Promise<void> {
  station.left.outbox = false;
  const { kind } = await act(world, { station, label: 'relay' }, () =>
    station.steps().relay.drain(),
  );
  if (kind !== 'DONE') station.left.outbox = true;
}

/** Hands over what has arrived for a context; without its acknowledgement it comes again. */
export async function deliver(world: World, subscriber: Subscriber): Promise<void> {
  const { bank, network, clock } = world;
  const station = bank[subscriber as Context];
  const bodies = network.take(subscriber, clock.now());
  const label = `takes ${bodies.length}`;
  const { kind } = await act(world, { station, label }, () => station.steps().applyBatch(bodies));
  if (kind === 'CRASHED') network.giveBack(subscriber, bodies);
}

/** Tries the parked events of a context that are due. */
export async function retry(world: World, station: Station): Promise<void> {
  const { kind } = await act(world, { station, label: 'retries' }, () =>
    station.steps().retryDue(),
  );
  if (kind !== 'DONE') return;
  const rows = await world.grounds[station.context].look(
    'parked',
    'SELECT state, type, error FROM parked_event',
  );
  station.left.parked = rows.length > 0;
}

export async function runJob(world: World, station: Station, name: string): Promise<void> {
  world.ran.set(`${station.context}/${name}`, world.clock.now().getTime());
  const job = () =>
    station
      .steps()
      .jobs.find((one) => one.name === name)
      ?.run();
  const before = station.left.changes;
  await act(world, { station, label: name }, async () => job());
  world.seen.set(`${station.context}/${name}`, before);
}

/** What may trade on the exchange does, or not. */
export function trade(world: World): number {
  begin(world, 'the exchange trades');
  const moved = world.exchange.turn();
  world.trace.note(`  moved ${moved}`);
  return moved;
}

export type JobName = readonly [station: Station, name: string];

/** Of what happens outside no context tells. */
const hearsOutside = /send|take-reports|payment|notice/;

/** Its context has written since the job last ran and wrote nothing; or nobody can know. */
export const hasNews = ({ seen }: World, [{ context, left }, name]: JobName): boolean =>
  hearsOutside.test(name) || seen.get(`${context}/${name}`) !== left.changes;

/** Jobs whose pause is over. */
export function dueJobs(world: World): readonly JobName[] {
  const now = world.clock.now().getTime();
  return stations(world).flatMap((station) =>
    station
      .steps()
      .jobs.filter(({ name, everyMs }) => {
        const last = world.ran.get(`${station.context}/${name}`);
        return last === undefined || now - last >= everyMs;
      })
      .map(({ name }): JobName => [station, name]),
  );
}

const roundsMax = 500;

/** All that can be done without the clock moving. */
export async function pump(world: World): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const dirty = stations(world).filter(({ left }) => left.outbox);
    for (const station of dirty) await relay(world, station);
    const ready = world.network.ready(world.clock.now());
    for (const subscriber of ready) await deliver(world, subscriber);
    if (dirty.length === 0 && ready.length === 0) return;
  }
  throw new Error('the contexts never stop telling each other');
}

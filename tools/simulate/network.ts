import type { EventQueues } from '@simplebank/chassis/queue';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { shuffled } from '@simplebank/testkit/chance';
import type { Dice } from './dice.ts';
import type { Tally } from './tally.ts';

/** How the lines between contexts misbehave; each is a chance from 0 to 1. */
export type Weather = {
  readonly delayed: number;
  /** Lost on the way: its queue hands it over again after a while. */
  readonly dropped: number;
  readonly doubled: number;
  readonly shuffled: number;
  /** How long a delay may last. */
  readonly delayMsMax: number;
};

type Parcel = { readonly bodies: readonly string[]; readonly at: number };

/** Queues between contexts that deliver when told, and not what or when one would expect. */
export type Network = EventQueues & {
  /** Who has something that could be handed over now. */
  readonly ready: (now: Date) => readonly Subscriber[];
  /** When the next parcel may be handed over; null when all are. */
  readonly nextAt: () => Date | null;
  /** Takes a parcel for this subscriber. */
  readonly take: (subscriber: Subscriber, now: Date) => readonly string[];
  /** It was not acknowledged: it comes again. */
  readonly giveBack: (subscriber: Subscriber, bodies: readonly string[]) => void;
  /** While it is calm nothing is delayed, lost or repeated. */
  readonly setCalm: (calm: boolean) => void;
};

export type NetworkOptions = {
  readonly dice: Dice;
  readonly weather: Weather;
  readonly now: () => Date;
  readonly tally: Tally;
  /** Those whose queues nobody reads are not kept. */
  readonly listening: readonly Subscriber[];
};

const batchMax = 100;
const dropMsMin = 500;

export function createNetwork(options: NetworkOptions): Network {
  const { dice, now, listening } = options;
  const parcels = new Map<Subscriber, Parcel[]>(listening.map((name) => [name, []]));
  let calm = true;
  const due = (subscriber: Subscriber, at: Date) =>
    (parcels.get(subscriber) ?? []).filter((parcel) => parcel.at <= at.getTime());

  return {
    async send(subscriber, bodies) {
      const queue = parcels.get(subscriber);
      if (!queue) return;
      if (calm) queue.push(...cut(bodies, batchMax).map((part) => ({ bodies: part, at: 0 })));
      else queue.push(...posted(options, bodies, now().getTime()));
    },
    consume: async () => ({ close: async () => {} }),
    close: async () => {},
    ready: (at) => listening.filter((name) => due(name, at).length > 0),
    nextAt() {
      const times = [...parcels.values()].flat().map(({ at }) => at);
      return times.length > 0 ? new Date(Math.min(...times)) : null;
    },
    take(subscriber, at) {
      const taken = chosen(due(subscriber, at), { dice, calm });
      const rest = (parcels.get(subscriber) ?? []).filter((parcel) => !taken.includes(parcel));
      parcels.set(subscriber, rest);
      return taken.flatMap(({ bodies }) => bodies);
    },
    giveBack: (name, bodies) => again(options, parcels.get(name), bodies),
    setCalm(on) {
      calm = on;
      if (!on) return;
      for (const [name, queue] of parcels) {
        const now = queue.map(({ bodies }) => ({ bodies, at: 0 }));
        parcels.set(name, now);
      }
    },
  };
}

function again({ tally }: NetworkOptions, queue: Parcel[] | undefined, bodies: Parcel['bodies']) {
  tally.count('redeliveries');
  queue?.push({ bodies, at: 0 });
}

/** Any of the parcels, or all of them: queues merge what waits. */
function chosen(due: readonly Parcel[], { dice, calm }: { dice: Dice; calm: boolean }) {
  const one = calm ? due.slice(0, 1) : [dice.pick(due)];
  return calm || dice.flip(0.5) ? due : one;
}

function posted({ dice, weather, tally }: NetworkOptions, bodies: readonly string[], now: number) {
  const { delayed, dropped, doubled, delayMsMax } = weather;
  const ordered = dice.flip(weather.shuffled) ? shuffled(bodies, dice.chance) : bodies;
  tally.count('reorderings', ordered.some((body, at) => body !== bodies[at]) ? 1 : 0);
  const parts = dice.flip(0.5) ? cut(ordered, dice.between(1, 7)) : cut(ordered, batchMax);
  return parts.flatMap((part): Parcel[] => {
    const late = dice.flip(delayed) ? dice.between(1, delayMsMax) : 0;
    const lost = dice.flip(dropped) ? dropMsMin + dice.between(0, delayMsMax) : 0;
    tally.count('losses on the way', lost > 0 ? 1 : 0);
    const first = { bodies: part, at: now + late + lost };
    if (!dice.flip(doubled)) return [first];
    tally.count('duplicates');
    return [first, { bodies: part, at: now + dice.between(0, delayMsMax) }];
  });
}

function cut<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

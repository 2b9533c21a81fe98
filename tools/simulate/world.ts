import type { Viewer } from '@simplebank/chassis/auth';
import { createVirtualClock, type VirtualClock } from '@simplebank/testkit/clock';
import type { Command } from './ask.ts';
import { type Bank, closeBank, openBank, type Station } from './bank.ts';
import { createDice, type Dice } from './dice.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { type Context, contexts, type Grounds } from './grounds.ts';
import { createNetwork, type Network } from './network.ts';
import { createPayer, type Payer } from './payer.ts';
import { type Profile, profileOf } from './profile.ts';
import { createTally, type Tally } from './tally.ts';
import type { Trace } from './trace.ts';
import type { Crash } from './wire.ts';

/** A customer with one account, as far as the simulation has to know them. */
export type Person = { readonly viewer: Viewer; readonly accountId: string };

/** A command that was sent, and what the customer knows of it. */
type Sent = {
  readonly command: Command;
  /** The id of what it made, or that nobody knows. */
  readonly answered: string;
};

/** Everything that one run consists of. */
export type World = {
  readonly seed: number;
  readonly profile: Profile;
  readonly dice: Dice;
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly exchange: Exchange;
  readonly payer: Payer;
  readonly grounds: Grounds;
  readonly bank: Bank;
  readonly trace: Trace;
  readonly tally: Tally;
  /** Statements that a step of a kind had when it was last done to its end. */
  readonly usual: Map<string, number>;
  readonly people: Person[];
  /** Symbol to id. */
  readonly assets: Map<string, string>;
  strategyId: string;
  /** Orders that customers know of, with their accounts. */
  readonly orders: Map<string, string>;
  /** By customer and key. */
  readonly said: Map<string, Sent>;
  /** When each job ran last. */
  readonly ran: Map<string, number>;
  /** How much a context had written when each of its jobs had run. */
  readonly seen: Map<string, number>;
  /** No more crashes, nor anything else that goes wrong. */
  calm: boolean;
  /** Says where a step of this kind crashes; chance has no say then. Null: nobody has a plan. */
  planned: ((kind: string) => Crash | null) | null;
  step: number;
};

export async function openWorld(seed: number, grounds: Grounds, trace: Trace): Promise<World> {
  await Promise.all(Object.values(grounds).map((ground) => ground.empty()));
  const profile = profileOf(seed);
  const clock = createVirtualClock(profile.start);
  const { now } = clock;
  const tally = createTally();
  const payer = createPayer({ dice: createDice(seed, 'payer'), now, tally }, profile.manners);
  const exchange = createExchange({
    ...{ seed, dice: createDice(seed, 'exchange'), temper: profile.temper, now, tally },
  });
  const network = createNetwork({
    ...{ dice: createDice(seed, 'network'), weather: profile.weather, now, tally },
    listening: contexts,
  });
  const outside = { venue: exchange.venue, provider: payer.provider };
  const bank = await openBank({ seed, grounds, clock, network, note: trace.note, ...outside });
  return {
    ...{ seed, profile, dice: createDice(seed, 'steps'), clock, network, exchange, payer },
    ...{ grounds, bank, trace, tally, people: [], assets: new Map() },
    ...{ ran: new Map(), usual: new Map(), seen: new Map() },
    ...{ orders: new Map(), said: new Map(), strategyId: '', calm: true, planned: null, step: 0 },
  };
}

export const closeWorld = ({ bank }: World): Promise<void> => closeBank(bank);

export const stations = ({ bank }: World): readonly Station[] =>
  contexts.map((context: Context) => bank[context]);

import { dropExpiredKeys as drop } from '../data/command-keys.ts';
import type { Deps } from '../deps.ts';

const keysMax = 1_000;

/** Forgets the keys whose time is over; those of commands that move money never are. */
export async function dropExpiredKeys(deps: Deps): Promise<void> {
  await deps.transact((tx) => drop(tx, { now: deps.clock.now(), max: keysMax }));
}

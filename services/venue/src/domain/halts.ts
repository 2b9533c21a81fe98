import { chance } from './chance.ts';

const windowMs = 300_000;

/** Whether the seed halts trading in a symbol at this instant, for 5 minutes at a time. */
export const isHaltedByChance = (
  { seed, haltPercent }: { readonly seed: string; readonly haltPercent: number },
  symbol: string,
  at: Date,
): boolean =>
  haltPercent > 0 &&
  chance(seed, symbol, 'halt', Math.floor(at.getTime() / windowMs)) % 100 < haltPercent;

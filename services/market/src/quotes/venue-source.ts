import type { GuardedVenue } from '../venues/guarded.ts';
import type { QuoteSource } from './source.ts';

/** The first source: the venue at which the bank trades, behind the circuit of all its calls. */
export const venueSource = ({ name, isReachable, quotes }: GuardedVenue): QuoteSource => ({
  name,
  isReachable,
  async quotes(symbols) {
    const answers = [...(await quotes(symbols))];
    return new Map(
      answers.map(([symbol, { bidSize = null, askSize = null, ...prices }]) => [
        symbol,
        { ...prices, bidSize, askSize },
      ]),
    );
  },
});

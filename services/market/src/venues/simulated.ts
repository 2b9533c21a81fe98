import type { Simulator } from '@simplebank/venue/simulator';
import type { Venue } from '../venue.ts';

/** The name under which resume points and executions of the in-process venue are kept. */
const simulatedName = 'simulated';

/** The venue of a bank that has none: the simulated exchange in the market's own process. */
export const simulatedVenue = ({ desk }: Pick<Simulator, 'desk'>): Venue => ({
  name: simulatedName,
  ...desk,
});

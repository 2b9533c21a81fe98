import type { Tx } from '../data/client.ts';
import { type Instrument, saveInstruments } from '../data/instruments.ts';

/** Keeps the market's copy of the assets; an older version changes nothing. */
export const updateInstruments = (tx: Tx, instruments: readonly Instrument[]): Promise<void> =>
  saveInstruments(tx, instruments);

import { fillPause } from './book.ts';
import { chance } from './chance.ts';
import { type Instruction, isImmediate } from './order.ts';

export type House = {
  readonly seed: string;
  readonly rejectSymbols: readonly string[];
  /** How many of 100 orders, chosen by the seed, are rejected. */
  readonly rejectPercent: number;
};

/** What becomes of an order at the door of the venue; a reject is final. */
export type Acceptance = {
  readonly instruction: Instruction;
  readonly venueOrderId: string;
  readonly rejectReason: string | null;
  readonly acceptedAt: Date;
  readonly nextAt: Date;
};

/** The venue's own id of an order tells that it is ours, so that no other id looks like it. */
export const accept = (house: House, instruction: Instruction, at: Date): Acceptance => ({
  instruction,
  venueOrderId: `V-${instruction.clientId}`,
  rejectReason: rejectReasonOf(house, instruction),
  acceptedAt: at,
  nextAt: new Date(at.getTime() + fillPause(house.seed, instruction, 0)),
});

function rejectReasonOf(house: House, instruction: Instruction): string | null {
  const { seed, rejectSymbols, rejectPercent } = house;
  const { clientId, symbol, type, stopPrice, timeInForce, quantity } = instruction;
  if (rejectSymbols.includes(symbol)) return `${symbol} is not traded here`;
  if (type.startsWith('STOP') && stopPrice === null) return 'a stop order needs a stop price';
  const isWhole = quantity?.isInteger() ?? false;
  if (isImmediate(instruction) && !isWhole) return `${timeInForce} orders trade whole shares only`;
  return chance(seed, clientId, 'reject') % 100 < rejectPercent ? 'rejected by chance' : null;
}

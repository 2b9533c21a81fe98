import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import * as data from '../data/business.ts';

type Clocked = Pick<Deps, 'clock'>;

/** An order began: as long as it is open, its account cannot be closed. */
export const noteOrders = (deps: Clocked, tx: Tx, orders: readonly data.OrderCopy[]) =>
  data.noteOrders(tx, orders, deps.clock.now());

export const noteOrderEnds = (deps: Clocked, tx: Tx, orders: readonly data.OrderCopy[]) =>
  data.noteOrderEnds(tx, orders, deps.clock.now());

export const notePositions = (deps: Clocked, tx: Tx, positions: readonly data.PositionCopy[]) =>
  data.notePositions(tx, positions, deps.clock.now());

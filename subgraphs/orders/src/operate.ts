import { transactor } from '@simplebank/chassis/database';
import {
  type By,
  type OperatorDoor,
  operatorConnectionsMax,
  operatorDoor,
  recordActions,
} from '@simplebank/chassis/operator';
import { type Database, openDatabase, type Transaction } from './data/client.ts';
import { distrust, dropUnconfirmed } from './data/distrust.ts';
import { readStuck, renewProcess, type StuckProcess } from './data/stuck.ts';
import { renewedUntil } from './domain/process.ts';
import { copyHandlers } from './events/copies.ts';

export type OrdersDoor = OperatorDoor & {
  /** Orders past the deadline of their step, the longest overdue first; at most 1,000. */
  readonly stuck: (now: Date) => Promise<readonly StuckProcess[]>;
  /** Gives a stuck order time for another attempt, and keeps who did and why; false: not stuck. */
  readonly renew: (id: string, by: By, now: Date) => Promise<boolean>;
};

function renew(db: Database, { id, by, now }: { id: string; by: By; now: Date }): Promise<boolean> {
  const transact = transactor<Transaction>(db, { onCommit: () => {} });
  return transact(async (tx) => {
    const renewed = await renewProcess(tx, { id, now, until: renewedUntil(now) });
    if (!renewed) return false;
    await recordActions(tx, by, [{ command: 'resume', subject: `order ${id}`, detail: renewed }]);
    return true;
  });
}

const copies = { subscriber: 'orders', handlers: copyHandlers, distrust, dropUnconfirmed } as const;

/** What operators' commands may do here. Connects when first asked. */
export function openOperatorDoor(databaseUrl: string): OrdersDoor {
  const db = openDatabase(databaseUrl, operatorConnectionsMax);
  return {
    ...operatorDoor(db, copies),
    stuck: async (now) => readStuck(db, now),
    renew: (id, by, now) => renew(db, { id, by, now }),
  };
}

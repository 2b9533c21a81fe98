import { type OperatorDoor, operatorDoor } from '@simplebank/chassis/operator';
import { connect } from './data/client.ts';
import { distrust, dropUnconfirmed } from './data/distrust.ts';
import { readStuck, type StuckProcess } from './data/stuck.ts';
import { copyHandlers } from './events/copies.ts';

export type StrategiesDoor = OperatorDoor & {
  /** What its own jobs should have ended, the longest overdue first; at most 1,000. */
  readonly stuck: (now: Date) => Promise<readonly StuckProcess[]>;
};

const copies = {
  subscriber: 'strategies',
  handlers: copyHandlers,
  distrust,
  dropUnconfirmed,
} as const;

/** What operators' commands may do here. Connects when first asked. */
export function openOperatorDoor(databaseUrl: string): StrategiesDoor {
  const db = connect(databaseUrl);
  return { ...operatorDoor(db, copies), stuck: async (now) => readStuck(db, now) };
}

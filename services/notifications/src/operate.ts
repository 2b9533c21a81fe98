import { type OperatorDoor, operatorDoor } from '@simplebank/chassis/operator';
import { connect } from './data/client.ts';
import { distrust, dropUnconfirmed } from './data/distrust.ts';
import { copyHandlers } from './events/copies.ts';

/** What operators' commands may do here. Connects when first asked. */
export const openOperatorDoor = (databaseUrl: string): OperatorDoor =>
  operatorDoor(connect(databaseUrl), {
    subscriber: 'notifications',
    handlers: copyHandlers,
    distrust,
    dropUnconfirmed,
  });

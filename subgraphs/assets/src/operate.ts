import { type OperatorDoor, operatorDoor } from '@simplebank/chassis/operator';
import { openDatabase } from './data/client.ts';

/** What operators' commands may do here. Connects when first asked. */
export const openOperatorDoor = (databaseUrl: string): OperatorDoor =>
  operatorDoor(openDatabase(databaseUrl), {
    subscriber: 'assets',
    handlers: [],
    distrust: async () => {},
    dropUnconfirmed: async () => {},
  });

import { type OperatorDoor, operatorDoor } from '@simplebank/chassis/operator';
import { systemClock } from '@simplebank/kernel/clock';
import { openClient } from './data/client.ts';
import { distrust, dropUnconfirmed } from './data/distrust.ts';
import { onPositionChanged } from './events/on-position-changed.ts';

/** What operators' commands may do here. Connects when first asked. */
export const openOperatorDoor = (databaseUrl: string): OperatorDoor =>
  operatorDoor(openClient(databaseUrl), {
    subscriber: 'accounts',
    handlers: [onPositionChanged({ clock: systemClock })],
    distrust,
    dropUnconfirmed,
  });

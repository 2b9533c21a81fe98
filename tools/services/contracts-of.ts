import { subscribersOf } from '@simplebank/contracts/subscriptions';
import { catalogue } from '../documents/events.ts';

/** The events that a context tells, by name. */
export const toldBy = (name: string): readonly string[] =>
  catalogue
    .filter(({ owner }) => owner === name)
    .map(({ contract }) => contract.name)
    .toSorted();

/** The events that a context listens to, by name. */
export const heardBy = (name: string): readonly string[] =>
  catalogue
    .map(({ contract }) => contract.name)
    .filter((event) => subscribersOf(event).some((subscriber) => subscriber === name))
    .toSorted();

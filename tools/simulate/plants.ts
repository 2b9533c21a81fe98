import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../generate/units.ts';

/**
 * Bugs that the simulation must find. They are no live code: each replaces one fragment of a source
 * file while it is loaded, in a process of its own.
 */
export type Plant = {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Within so many seeds, from the first on, a law is broken. */
  readonly seeds: number;
  /** What breaks. */
  readonly law: RegExp;
};

export const plants: Readonly<Record<string, Plant>> = {
  'missing-inbox-mark': {
    file: 'packages/chassis/src/events/consumer-running.ts',
    find: 'const unseen = events.filter(({ eventId }) => fresh.has(eventId));',
    replace: 'const unseen = events.filter(({ aggregateId }) => !held.has(aggregateId));',
    seeds: 25,
    law: /unexpected|exception/,
  },
  'capture-ignores-execution': {
    file: 'subgraphs/accounts/src/trades/data/order-bookings.ts',
    find: `\`\${orderId}:\${executionId}\``,
    replace: `\`\${orderId}\``,
    seeds: 25,
    law: /held|hold|cash|own hold/,
  },
  'release-before-fill': {
    file: 'subgraphs/accounts/src/trades/domain/order-booking.ts',
    find: 'end !== null && booked >= end.executions',
    replace: 'end !== null && booked >= 0',
    seeds: 25,
    law: /own hold|goes back/,
  },
  'rounding-per-fill': {
    file: 'subgraphs/orders/src/domain/booking.ts',
    find: 'value: roundCash(gross, currency).minus(order.filledValue)',
    replace: 'value: roundCash(report.quantity.times(report.price), currency)',
    seeds: 25,
    law: /rounded once|hold covers/,
  },
  'hold-without-fee': {
    file: 'subgraphs/orders/src/domain/fees.ts',
    find: 'return value.plus(commissionOn(value, terms));',
    replace: 'return value;',
    seeds: 40,
    law: /hold covers|unexpected/,
  },
};

/** @throws Error when the source has changed, so that no plant withers unseen */
export function plantOf(name: string): Plant {
  const plant = plants[name];
  if (!plant) throw new Error(`there is no plant ${name}: ${Object.keys(plants).join(', ')}`);
  const source = readFileSync(join(root, plant.file), 'utf8');
  const found = source.split(plant.find).length - 1;
  if (found !== 1)
    throw new Error(`${name}: "${plant.find}" stands ${found} times in ${plant.file}`);
  return plant;
}

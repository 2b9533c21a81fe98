import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EventPlaces, problemsOfEvents, releaseEvents } from './events.ts';

const event = 'orders.order-created.v1.schema.json';
let places: EventPlaces;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simplebank-events-'));
  places = { present: join(folder, 'present'), released: join(folder, 'released') };
  cpSync('docs/events', places.present, { recursive: true });
  releaseEvents(places);
});
afterEach(() => rmSync(folder, { recursive: true }));

type Plain = { properties: Record<string, unknown>; required: string[] };

function plant(change: (schema: Plain) => void): void {
  const path = join(places.present, event);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Plain;
  change(schema);
  writeFileSync(path, JSON.stringify(schema));
}

test('events that are as released need nothing, and an optional field may be added', () => {
  expect(problemsOfEvents(places)).toEqual([]);
  plant(({ properties }) => Object.assign(properties, { planted: { type: 'string' } }));
  expect(problemsOfEvents(places)).toEqual([]);
});

test('a field that goes, is needed anew or means something else breaks the event', () => {
  plant((schema) => {
    Reflect.deleteProperty(schema.properties, 'orderId');
    schema.properties['planted'] = { type: 'string' };
    schema.properties['side'] = { type: 'number' };
    schema.required = schema.required.filter((name) => name !== 'accountId').concat('planted');
  });
  expect([...problemsOfEvents(places)].sort()).toEqual([
    'orders.order-created.v1.accountId: became optional',
    'orders.order-created.v1.orderId: was removed or renamed',
    'orders.order-created.v1.planted: is new and required',
    'orders.order-created.v1.side: its type or bounds changed',
  ]);
});

test('an event that goes is told, for those that were kept may be replayed', () => {
  rmSync(join(places.present, event));
  expect(problemsOfEvents(places)).toEqual([
    'orders.order-created.v1: was removed; old ones are kept and may be replayed',
  ]);
});

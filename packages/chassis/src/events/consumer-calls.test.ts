import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupIntoCalls, type Sequenced } from './consumer-calls.ts';

const event = fc.record({
  type: fc.constantFrom('created', 'filled', 'completed'),
  aggregateId: fc.constantFrom('a', 'b', 'c', 'd'),
});
const of = (aggregateId: string, ...types: string[]): Sequenced[] =>
  types.map((type) => ({ type, aggregateId }));
const typesOf = (calls: readonly Sequenced[][]) => calls.map((call) => call[0]?.type);

test('every event is in one call of its own type, in the order of its aggregate', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const calls = groupIntoCalls(events);
      expect(calls.every((call) => new Set(call.map(({ type }) => type)).size === 1)).toBe(true);
      for (const id of ['a', 'b', 'c', 'd']) {
        const own = (list: readonly Sequenced[]) => list.filter((e) => e.aggregateId === id);
        expect(own(calls.flat())).toEqual(own(events));
      }
      expect(new Set(calls.flat()).size).toBe(events.length);
    }),
  );
});

test('a mixed batch of orders needs one call for each type', () => {
  const events = [
    ...of('a', 'created', 'filled', 'completed'),
    ...of('b', 'filled', 'completed'),
    ...of('c', 'created'),
    ...of('d', 'completed'),
  ];
  expect(typesOf(groupIntoCalls(events))).toEqual(['created', 'filled', 'completed']);
});

test('types that alternate within an aggregate are called as often as they alternate', () => {
  const events = of('a', 'filled', 'created', 'filled');
  expect(typesOf(groupIntoCalls(events))).toEqual(['filled', 'created', 'filled']);
});

import { expect, test } from 'vitest';
import { spread } from '../../src/engine/spread.ts';

test('the places of an entity share no object that the plan could write into', () => {
  const home = { city: 'North', streets: ['One', { name: 'Two' }] };
  const { data } = spread({ data: { _entities: [{ home }, null] } }, [0, 1, 0]);
  expect(data).toEqual({ _entities: [{ home }, null, { home }] });
  const [one, , other] = (data?.['_entities'] ?? []) as { home: typeof home }[];
  expect(one?.home === other?.home).toBe(false);
  expect(one?.home.streets[1] === other?.home.streets[1]).toBe(false);
});

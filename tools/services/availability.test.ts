import { expect, test } from 'vitest';
import { availabilityOf, inSeries, paths } from './availability.ts';
import { descriptions } from './descriptions.ts';

test('six parts at 99.9 per cent make 99.4', () => {
  expect(inSeries(Array.from({ length: 6 }, () => 99.9))).toBeCloseTo(99.4, 1);
});

test('each path is as available as its parts together, and never more than its weakest', () => {
  const described = descriptions();
  for (const path of paths) {
    const whole = availabilityOf(path, described);
    for (const part of path.parts) {
      expect(whole).toBeLessThanOrEqual(availabilityOf({ what: '', parts: [part] }, described));
    }
  }
});

test('a part of which nobody knows how often it is up is refused', () => {
  expect(() => availabilityOf({ what: '', parts: ['nowhere'] }, descriptions())).toThrow('nowhere');
});

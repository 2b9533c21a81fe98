import { expect, test } from 'vitest';
import { cutBatches, jobBounds } from './queue-batches.ts';

test.each([jobBounds, { events: 7, bytes: 9_000 }])(
  'nothing is lost or moved when events are cut into batches of $events',
  (bounds) => {
    const bodies = Array.from({ length: 1_050 }, (_, n) => 'x'.repeat(n % 5_000));
    const batches = cutBatches(bodies, bounds);
    expect(batches.flat()).toEqual(bodies);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(bounds.events);
    const sizes = batches.map((batch) => Buffer.byteLength(batch.join('')));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(bounds.bytes);
  },
);

test('an event larger than a batch travels alone', () => {
  const large = 'ä'.repeat(jobBounds.bytes);
  expect(cutBatches(['a', large, 'b', 'c'])).toEqual([['a'], [large], ['b', 'c']]);
});

test('nothing makes no batch', () => {
  expect(cutBatches([])).toEqual([]);
});

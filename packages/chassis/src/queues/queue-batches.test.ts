import { expect, test } from 'vitest';
import { batchBytesMax, batchEventsMax, cutBatches } from './queue-batches.ts';

test('nothing is lost or moved when events are cut into batches', () => {
  const bodies = Array.from({ length: 1_050 }, (_, n) => 'x'.repeat(n % 5_000));
  const batches = cutBatches(bodies);
  expect(batches.flat()).toEqual(bodies);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(batchEventsMax);
  const sizes = batches.map((batch) => Buffer.byteLength(batch.join('')));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(batchBytesMax);
});

test('an event larger than a batch travels alone', () => {
  const large = 'ä'.repeat(batchBytesMax);
  expect(cutBatches(['a', large, 'b', 'c'])).toEqual([['a'], [large], ['b', 'c']]);
});

test('nothing makes no batch', () => {
  expect(cutBatches([])).toEqual([]);
});

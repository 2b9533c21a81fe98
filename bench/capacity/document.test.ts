import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capacityDocument } from './document.ts';
import { sampleMeasured } from './sample.ts';

test('docs/capacity.md is what the model says of the measured figures', () => {
  const written = readFileSync(new URL('../../docs/capacity.md', import.meta.url), 'utf8');
  expect(written, 'write it again: npm run bench:capacity').toBe(capacityDocument());
});

test('other figures give another document', () => {
  expect(capacityDocument(sampleMeasured)).not.toBe(capacityDocument());
});

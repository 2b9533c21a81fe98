import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capacityDocument } from './document.ts';
import { measuredFile } from './measured.ts';
import { sampleMeasured } from './sample.ts';

const unmeasured = existsSync(measuredFile)
  ? ''
  : ' (skipped: nothing was measured yet, npm run bench:capacity -- --measure)';

test.skipIf(unmeasured)(
  `docs/capacity.md is what the model says of its figures${unmeasured}`,
  () => {
    const written = readFileSync(new URL('../../docs/capacity.md', import.meta.url), 'utf8');
    expect(written, 'write it again: npm run bench:capacity').toBe(capacityDocument());
  },
);

test('other figures give another document', () => {
  const { quote, ...others } = sampleMeasured.operations;
  const dearer = { ...quote, cpuMs: { ...quote.cpuMs, assets: 40 } };
  const text = capacityDocument({ ...sampleMeasured, operations: { ...others, quote: dearer } });
  expect(text).not.toBe(capacityDocument(sampleMeasured));
  expect(text).not.toMatch(/NaN|undefined/);
});

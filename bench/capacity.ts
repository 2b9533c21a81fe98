import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { redisMissing } from './banks/redis.ts';
import { capacityDocument } from './capacity/document.ts';
import { measure } from './capacity/measure.ts';
import { measuredFile } from './capacity/measured.ts';

const { values } = parseArgs({
  options: {
    /** Starts a distributed bank and measures its calls anew; takes some minutes. */
    measure: { type: 'boolean', default: false },
    /** Of each call, twice. */
    seconds: { type: 'string', default: '6' },
  },
});
const documentFile = new URL('../docs/capacity.md', import.meta.url);

if (values.measure) {
  const missing = redisMissing();
  if (missing) throw new Error(`a distributed bank cannot be measured: ${missing}`);
  const measured = await measure(Number(values.seconds), (line) => console.error(line));
  await writeFile(measuredFile, `${JSON.stringify(measured, null, 2)}\n`);
}
const text = capacityDocument();
await writeFile(documentFile, text);
console.log(text);

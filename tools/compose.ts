import { generate } from './generate/run.ts';
import { units } from './generate/units.ts';

/** Composes the graphs of the gateways from the subgraphs' schemas, and nothing else. */
const graphs = units().filter(({ kind }) => kind === 'compose');
const failures = await generate(graphs);
for (const { message } of failures) process.stderr.write(`compose: ${message}\n`);
process.stdout.write(`composed ${graphs.length - failures.length} of ${graphs.length} graphs\n`);
if (failures.length > 0) process.exitCode = 1;

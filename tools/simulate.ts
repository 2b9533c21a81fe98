import { parseArgs } from 'node:util';
import { simulate } from './simulate/command.ts';
import { simulatePlanted } from './simulate/planted.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    orders: { type: 'string', default: '10' },
    days: { type: 'string', default: '3' },
    plant: { type: 'string' },
    trace: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
  },
});

process.exitCode = await (values.plant ? simulatePlanted(values.plant) : simulate(values));

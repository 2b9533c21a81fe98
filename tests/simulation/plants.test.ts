import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantOf, plants } from '../../tools/simulate/plants.ts';
import { makePlaces } from './places.ts';

let made: Awaited<ReturnType<typeof makePlaces>>;
beforeAll(async () => {
  made = await makePlaces();
});
afterAll(() => made.drop());

const minutesMax = 10 * 60_000;

/** `npm run simulate` with the bug planted, until a law is broken. */
function simulate(...given: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const options = [...given, '--orders', '10', '--first'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/simulate.ts', ...options], {
    env: { ...process.env, SIMULATION_PLACES: JSON.stringify(made.places) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const hear = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, printed })));
}

test.each(Object.keys(plants))(
  'the planted bug %s is found',
  { timeout: minutesMax },
  async (name) => {
    const { seeds, law } = plantOf(name);
    const { code, printed } = await simulate('--plant', name, '--seeds', String(seeds));
    expect(printed).toMatch(/seed \d+ BROKEN at step \d+/);
    expect(/law: (.*)/.exec(printed)?.[1]).toMatch(law);
    expect(code).toBe(1);
  },
);

test('a plant whose place is gone fails loudly', () => {
  expect(() => plantOf('no-such-plant')).toThrow('there is no plant');
});

import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { areSameTicks, areTicks, usualTicks } from './ticks.ts';

const ladder = (...rungs: readonly [string, string][]) =>
  rungs.map(([from, tick]) => ({ from: new Decimal(from), tick: new Decimal(tick) }));

test.each<[string, [string, string][], boolean]>([
  ['one rung', [['0', '0.05']], true],
  [
    'the usual two',
    [
      ['0', '0.0001'],
      ['1', '0.01'],
    ],
    true,
  ],
  [
    'three rungs',
    [
      ['0', '0.0001'],
      ['1', '0.01'],
      ['1000', '0.1'],
    ],
    true,
  ],
  ['none', [], false],
  ['a ladder that begins above 0', [['1', '0.01']], false],
  [
    'rungs that do not rise',
    [
      ['0', '0.01'],
      ['0', '0.02'],
    ],
    false,
  ],
  ['a tick of nothing', [['0', '0']], false],
  ['a negative tick', [['0', '-0.01']], false],
  ['a tick finer than prices', [['0', '0.0000001']], false],
  [
    'a rung off its own tick',
    [
      ['0', '0.01'],
      ['1.01', '0.05'],
    ],
    false,
  ],
  [
    'a rung off the tick below it',
    [
      ['0', '0.03'],
      ['1', '0.01'],
    ],
    false,
  ],
])('%s is a tick table: %j is %s', (_, rungs, expected) => {
  expect(areTicks(ladder(...rungs))).toBe(expected);
});

test('tables are compared by value', () => {
  expect(areSameTicks(ladder(['0', '0.00010'], ['1.0', '0.01']), usualTicks)).toBe(true);
  expect(areSameTicks(ladder(['0', '0.0001']), usualTicks)).toBe(false);
});

import { randomUUID } from 'node:crypto';
import { marketHours } from '@simplebank/kernel/market-hours';
import { expect, test } from 'vitest';
import { recordSplits } from '../src/commands/record-splits.ts';
import { findOpenSplits } from '../src/data/splits.ts';
import { useBank } from './bank.ts';

const bank = useBank();

test.each([
  ['nyse', '2026-07-16T04:00:05.000Z', '2026-07-16T04:00:00.000Z'],
  ['always', '2026-07-15T20:00:05.000Z', '2026-07-15T20:00:00.000Z'],
  ['always', '2026-07-16T12:00:00.000Z', '2026-07-15T20:00:00.000Z'],
] as const)('in hours %s a split that is told at %s parts orders at %s', async (...row) => {
  const [calendar, effectiveAt, basisAt] = row;
  const { clock, transact } = bank.app.deps;
  const actionId = randomUUID();
  const split = {
    ...{ actionId, assetId: randomUUID(), symbol: 'ABC', exDate: '2026-07-16' },
    ...{ numerator: 4, denominator: 1, effectiveAt: new Date(effectiveAt) },
  };
  await transact((tx) => recordSplits(tx, { clock, hours: marketHours(calendar) }, [split]));
  const known = await findOpenSplits(bank.app.deps.db);
  const own = known.find((one) => one.actionId === actionId);
  expect(own?.basisAt.toISOString()).toBe(basisAt);
});

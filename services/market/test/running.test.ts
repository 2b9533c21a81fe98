import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { type Runtime, startParts, stopParts } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { eventually } from '@simplebank/testkit/eventually';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { expect, test } from 'vitest';
import { market } from '../src/app.ts';
import { abc, assetUpdated, orderOpened } from './builders.ts';

const hourMs = 3_600_000;

test('a running market quotes new assets, fills orders and closes cleanly', async () => {
  const [database, atVenue] = await Promise.all([
    createTestDatabase('market'),
    createTestDatabase('venue'),
  ]);
  const lines: string[] = [];
  const log = createLogger({
    service: 'market',
    destination: { write: (line) => lines.push(line) },
  });
  const queues = createRecordingQueues();
  const shared = createMemoryShared({ log });
  const runtime: Runtime = { clock: systemClock, newId: randomUUID, log, queues, shared };
  const env = {
    MARKET_DATABASE_URL: database.url,
    VENUE_DATABASE_URL: atVenue.url,
    MARKET_CALENDAR: 'always',
  };
  const parts = await market.build(market.loadConfig(env), runtime);
  try {
    await startParts(parts, log);
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const expiresAt = new Date(Date.now() + hourMs).toISOString();
    const opened = ids.map((id) => orderOpened(id, { expiresAt }));
    await queues.send('market', [assetUpdated(abc), ...opened]);
    await queues.deliver({ to: 'market' });

    const sent = () => queues.sentTo('orders');
    await eventually(
      () => {
        const filled = new Map<string, number>();
        for (const { type, aggregateId, payload } of sent()) {
          if (type !== 'market.trade-executed.v1') continue;
          const { quantity } = payload as { quantity: string };
          filled.set(aggregateId, (filled.get(aggregateId) ?? 0) + Number(quantity));
        }
        expect(filled).toEqual(new Map(ids.map((id) => [id, 10])));
      },
      { withinMs: 15_000 },
    );
    await eventually(() =>
      expect(queues.sentTo('assets').map(({ type }) => type)).toContain('market.quote-changed.v1'),
    );
    expect((await Promise.all(parts.map((part) => part.ready()))).every(Boolean)).toBe(true);
  } finally {
    await stopParts(parts, log);
    await Promise.all([database.drop(), atVenue.drop()]);
  }
  expect(lines.filter((line) => line.includes('"ERROR"'))).toEqual([]);
});

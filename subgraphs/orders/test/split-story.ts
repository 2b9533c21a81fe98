import { randomUUID } from 'node:crypto';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { rebaseOrders } from '../src/commands/rebase-orders.ts';
import { type Database, openDatabase } from '../src/data/client.ts';
import { tell, type useBank } from './bank.ts';
import { assetUpdated, type Input, place, prepare, quoteChanged } from './story.ts';

/** Orders of Wednesday; the split begins with Thursday, and it is noon of it when it is told. */
export const exDate = '2026-07-16';
const effectiveAt = '2026-07-16T04:00:05.000Z';
export const noon = new Date('2026-07-16T16:00:00.000Z');

type Ratio = readonly [numerator: number, denominator: number];

/** Orders of an asset that each test has for itself, and its splits. */
export function useSplits(bank: ReturnType<typeof useBank>) {
  let admin: Database | undefined;
  let assetId = '';
  beforeAll(async () => {
    await prepare(bank);
    admin = openDatabase(bank.adminUrl, 2);
  });
  afterAll(() => admin?.$disconnect());
  beforeEach(async () => {
    assetId = randomUUID();
    const symbol = `S${assetId.slice(0, 6)}`.toUpperCase();
    await bank.deliver(assetUpdated({ assetId, symbol }), quoteChanged({ assetId }));
  });

  const split = ([numerator, denominator]: Ratio = [4, 1], of = assetId, given?: string) => {
    const actionId = given ?? randomUUID();
    const terms = { kind: 'SPLIT', numerator, denominator } as const;
    const payload = { actionId, assetId: of, symbol: 'ABC', exDate, terms };
    const told = tell(CorporateActionEffectiveV1, actionId, { payload });
    return {
      ...told,
      body: told.body.replace(/"occurredAt":"[^"]*"/, `"occurredAt":"${effectiveAt}"`),
    };
  };

  return {
    assetId: () => assetId,
    admin(): Database {
      if (!admin) throw new Error('the tests have not begun');
      return admin;
    },
    gtc: (change: Input = {}) => place(bank, { assetId, timeInForce: 'GTC', ...change }),
    split,
    /** The split arrives, and the job that re-bases has its turn. */
    async splits(...args: Parameters<typeof split>): Promise<void> {
      bank.clock.at = noon;
      await bank.deliver(split(...args));
      await rebaseOrders(bank.app.deps);
    },
  };
}

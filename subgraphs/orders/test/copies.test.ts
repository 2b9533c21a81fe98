import { AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import { expect, test } from 'vitest';
import { tell, useBank } from './bank.ts';
import { ids } from './builders.ts';
import { accountOpened, assetUpdated, quoteChanged } from './story.ts';

const bank = useBank();

test('a copy keeps its highest version, whatever arrives first and however often', async () => {
  const frozen = tell(AccountStatusChangedV1, ids.account, {
    version: 5,
    payload: {
      accountId: ids.account,
      number: '101',
      ownerIds: [ids.alice, ids.bob],
      currency: 'USD',
      status: 'FROZEN',
      reason: 'asked',
    },
  });
  await bank.deliver(frozen, accountOpened({ version: 1 }));
  await bank.deliver(accountOpened({ version: 4, status: 'LIMITED' }), frozen);
  expect(await bank.app.deps.db.account.findMany()).toEqual([
    {
      id: ids.account,
      number: 101n,
      ownerIds: [ids.alice, ids.bob],
      currency: 'USD',
      status: 'FROZEN',
      version: 5,
    },
  ]);
  await bank.deliver(
    assetUpdated({ version: 3, state: 'HALTED' }),
    assetUpdated({ version: 2, state: 'SELL_ONLY' }),
  );
  const [asset] = await bank.app.deps.db.asset.findMany();
  expect([asset?.state, asset?.version]).toEqual(['HALTED', 3]);
});

test('of the quotes of an asset the highest sequence wins, no clock decides', async () => {
  const later = '2026-07-15T15:00:00.000Z';
  await bank.deliver(
    quoteChanged({ sequence: 7, ask: '50.07' }),
    quoteChanged({ sequence: 9, ask: '50.09' }),
    quoteChanged({ sequence: 8, ask: '50.08', at: later }),
  );
  await bank.deliver(quoteChanged({ sequence: 6, ask: '50.06', at: later }));
  const [quote] = await bank.app.deps.db.quote.findMany();
  expect([quote?.ask.toFixed(), quote?.sequence]).toEqual(['50.09', 9n]);
});

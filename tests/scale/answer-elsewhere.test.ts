import { expect, test } from 'vitest';
import { bankClient } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { newInvestor } from '../e2e/people.ts';
import { instancesOf, killOne, restartOne } from '../support/fleet-client.ts';

test('an order that one gateway took is told by another when the first is dead', async () => {
  const bank = await joinFleet();
  const { door, accountId } = await newInvestor(bank.web, '5000.00');
  const [first, second] = await instancesOf('web');
  if (!first || !second) throw new Error('two gateways');
  const wish = { accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '1' } as const;
  const { id } = await placeOrder(bankClient(`${first.url}/graphql`, door.headers), {
    ...{ ...wish, idempotencyKey: 'elsewhere' },
  });
  await killOne(first);
  try {
    const ended = await orderEnds(bankClient(`${second.url}/graphql`, door.headers), { id });
    expect(ended.status).toBe('FILLED');
  } finally {
    await restartOne(first);
    await bank.close();
  }
}, 600_000);

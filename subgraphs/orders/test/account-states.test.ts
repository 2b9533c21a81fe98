import { accountStatuses } from '@simplebank/contracts/accounts';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBank } from './bank.ts';
import { asking, key } from './staff.ts';
import { accountOpened, alice, anOrder, place, prepare } from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));
const ask = asking(bank);

describe('what the state of an account allows (domain §2.3)', () => {
  type Allowed = Record<'BUY' | 'SELL' | 'cancel' | 'staff', string>;
  const yes = { BUY: 'done', SELL: 'done', cancel: 'done', staff: 'done' };
  const no = 'ACCOUNT_STATUS';
  const none = { BUY: no, SELL: no, cancel: no, staff: no };
  const table: Readonly<Record<(typeof accountStatuses)[number], Allowed>> = {
    ACTIVE: yes,
    LIMITED: { ...yes, BUY: no },
    CLOSING: { ...yes, BUY: no },
    FROZEN: { ...none, staff: 'done' },
    ONBOARDING: none,
    SUBMITTED: none,
    ACTION_REQUIRED: none,
    REJECTED: none,
    CLOSED: none,
  };
  let version = 1;

  test.each(accountStatuses)('%s', async (status) => {
    await bank.deliver(accountOpened({ version: ++version }));
    const [own, staffs] = [await place(bank), await place(bank)];
    await bank.deliver(accountOpened({ version: ++version, status }));
    const preview = (side: string) => {
      const { idempotencyKey: _, ...input } = anOrder({ side });
      return ask('previewOrder', input, alice);
    };
    const previewed = { BUY: await preview('BUY'), SELL: await preview('SELL') };
    expect({
      BUY: await ask('placeOrder', anOrder(), alice),
      SELL: await ask('placeOrder', anOrder({ side: 'SELL' }), alice),
      cancel: await ask('cancelOrder', { orderId: own, idempotencyKey: key() }, alice),
      staff: await ask('cancelOrderForCustomer', {
        orderId: staffs,
        reason: 'the customer called',
        idempotencyKey: key(),
      }),
    }).toEqual(table[status]);
    const { BUY, SELL } = table[status];
    expect(previewed).toEqual({ BUY, SELL });
    await bank.deliver(accountOpened({ version: ++version }));
  });
});

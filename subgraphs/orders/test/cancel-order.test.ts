import { beforeAll, describe, expect, test } from 'vitest';
import { useBank } from './bank.ts';
import { ids } from './builders.ts';
import {
  accountOpened,
  alice,
  anOrder,
  bob,
  cancelOrder,
  cancelRefused,
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  placeOrder,
  prepare,
  read,
  told,
  venueCanceled,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

let keys = 0;
const cancel = async (orderId: string, idempotencyKey = `cancel-${keys++}`, viewer = alice) =>
  bank.ask(viewer, cancelOrder, { input: { orderId, idempotencyKey } });
const success = (id: string, status: string) => ({
  cancelOrder: { __typename: 'CancelOrderSuccess', order: { id, status } },
});
const refusal = (code: string) => ({
  cancelOrder: { __typename: 'CancelOrderRefusal', code, message: expect.any(String) },
});

test('before the market has seen it an order is canceled at once, a late hold or not', async () => {
  const id = await place(bank);
  expect((await cancel(id)).data).toEqual(success(id, 'CANCELED'));
  const facts = ['1 order-created', '3 order-canceled', '4 order-completed'];
  expect(await told(bank, id)).toEqual(facts);
  await bank.deliver(fundsHeld(id));
  expect((await read(bank, id))?.status).toBe('CANCELED');
  expect(await told(bank, id)).toEqual(facts);
  const [event] = await bank.app.deps.db.orderEvent.findMany({
    where: { orderId: id, event: 'CANCEL_ASKED' },
  });
  expect(event?.actorId).toBe(ids.alice);
});

test('after that the venue is asked, and its word ends the order', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), placedAtVenue(id), executed(id, 1, ['4', '50.00']));
  expect((await cancel(id)).data).toEqual(success(id, 'CANCEL_PENDING'));
  expect((await told(bank, id)).at(-1)).toBe('9 order-cancel-requested');
  await bank.deliver(venueCanceled(id, 1));
  expect(await read(bank, id)).toMatchObject({ status: 'CANCELED', filledQuantity: '4' });
  expect((await told(bank, id)).slice(-2)).toEqual(['11 order-canceled', '12 order-completed']);
});

test('a venue that refuses leaves the order where it was, and it can be asked again', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), placedAtVenue(id));
  await cancel(id);
  await bank.deliver(cancelRefused(id));
  expect((await read(bank, id))?.status).toBe('PLACED');
  expect((await cancel(id)).data).toEqual(success(id, 'CANCEL_PENDING'));
});

describe('a refused cancel changes nothing', () => {
  const state = async (id: string) => [await read(bank, id), await told(bank, id)];

  test('once the order has ended, or is being canceled already', async () => {
    const ended = await place(bank);
    await bank.deliver(fundsHeld(ended), executed(ended, 1, ['10', '50.00']));
    const pending = await place(bank);
    await bank.deliver(fundsHeld(pending));
    await cancel(pending);
    for (const id of [ended, pending]) {
      const before = await state(id);
      expect((await cancel(id, `refused-${id}`)).data).toEqual(refusal('NOT_CANCELABLE'));
      expect(await state(id)).toEqual(before);
      const where = { idempotencyKey: `refused-${id}` };
      expect(await bank.app.deps.db.orderRequest.count({ where })).toBe(0);
      expect(await bank.app.deps.db.orderException.count({ where: { orderId: id } })).toBe(0);
    }
    expect(bank.lines.filter((line) => line['levelname'] === 'ERROR')).toEqual([]);
  });

  test('while the account is frozen', async () => {
    const id = await place(bank);
    await bank.deliver(accountOpened({ version: 2, status: 'FROZEN' }));
    const before = await state(id);
    expect((await cancel(id)).data).toEqual(refusal('ACCOUNT_STATUS'));
    expect(await state(id)).toEqual(before);
    await bank.deliver(accountOpened({ version: 3 }));
  });

  test('of another customer, whose orders do not exist here', async () => {
    const id = await place(bank);
    const before = await state(id);
    const unknown = '00000000-0000-4000-8000-00000000abcd';
    for (const orderId of [id, unknown]) {
      const { errors } = await cancel(orderId, 'foreign', bob);
      expect(errors.map(({ extensions }) => extensions)).toEqual([
        { code: 'NOT_FOUND', field: 'input.orderId' },
      ]);
    }
    const { errors } = await cancel('not-an-id');
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_INPUT', field: 'input.orderId' },
    ]);
    expect(await state(id)).toEqual(before);
  });
});

test('50 equal cancels at once ask once and give 50 equal answers', async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id));
  const answers = await Promise.all(Array.from({ length: 50 }, () => cancel(id, 'at once')));
  const texts = new Set(answers.map(({ data, errors }) => JSON.stringify({ data, errors })));
  expect([...texts].map((text) => JSON.parse(text))).toEqual([
    { data: success(id, 'CANCEL_PENDING'), errors: [] },
  ]);
  const asked = (await told(bank, id)).filter((fact) => fact.includes('cancel'));
  expect(asked).toEqual(['5 order-cancel-requested']);
});

test('a key belongs to one request, be it to place or to cancel', async () => {
  const first = await place(bank, { idempotencyKey: 'placing' });
  expect((await cancel(first, 'placing')).data).toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
  await cancel(first, 'canceling');
  const other = await place(bank);
  expect((await cancel(other, 'canceling')).data).toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
  const input = anOrder({ idempotencyKey: 'canceling' });
  const { data } = await bank.ask(alice, placeOrder, { input });
  expect(data?.['placeOrder']).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
});

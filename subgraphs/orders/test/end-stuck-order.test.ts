import { beforeAll, describe, expect, test } from 'vitest';
import { useBank } from './bank.ts';
import { asking, auditing, key, staffId, support } from './staff.ts';
import {
  alice,
  cancelOrder,
  executed,
  fundsHeld,
  place,
  placedAtVenue,
  prepare,
  read,
  rowAndReplay,
  told,
  venueCanceled,
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));
const ask = asking(bank);
const auditOf = auditing(bank);

const command = 'endStuckOrder';
const inputFor = (orderId: string) => ({
  ...{ orderId, reason: 'the venue filled it, 7 of 10', idempotencyKey: key() },
});

/** Six were booked, then seven more of ten were told: the venue has nothing left of it. */
async function overfilled(): Promise<string> {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), placedAtVenue(id));
  await bank.deliver(executed(id, 1, ['6', '50.00']), executed(id, 2, ['7', '50.00']));
  return id;
}

describe('staff end an order that the venue is done with', () => {
  test('after an execution past it: what was executed stays, the rest is released', async () => {
    const id = await overfilled();
    expect(await read(bank, id)).toMatchObject({ status: 'PARTIALLY_FILLED', code: null });
    const input = inputFor(id);
    expect([await ask(command, input), await ask(command, input)]).toEqual(['done', 'done']);
    expect(await read(bank, id)).toMatchObject({
      ...{ status: 'CANCELED', code: 'ENDED_BY_STAFF', filledQuantity: '6', lateFill: false },
    });
    expect((await told(bank, id)).slice(-2).map((fact) => fact.split(' ')[1])).toEqual([
      ...['order-canceled', 'order-completed'],
    ]);
    const completed = await bank.outbox('orders.order-completed.v1');
    expect(completed.filter(({ aggregateId }) => aggregateId === id)).toMatchObject([
      { payload: { status: 'CANCELED', filledQuantity: '6', executions: 1, value: '300' } },
    ]);
    expect((await auditOf(id)).at(-1)).toMatchObject({
      ...{ command, actor: staffId, reason: input.reason, digests: [true, true, true] },
    });
    const [row, replayed] = await rowAndReplay(bank, id);
    expect(replayed).toEqual(row);
    // An execution that comes after all is late, as after any end.
    await bank.deliver(executed(id, 3, ['1', '50.00']));
    expect(await read(bank, id)).toMatchObject({ filledQuantity: '7', lateFill: true });
  });

  test('while its cancel is pending, and after an end whose executions never came', async () => {
    const pending = await overfilled();
    await bank.ask(alice, cancelOrder, { input: { orderId: pending, idempotencyKey: key() } });
    const waiting = await place(bank);
    await bank.deliver(fundsHeld(waiting), placedAtVenue(waiting), venueCanceled(waiting, 2));
    for (const id of [pending, waiting]) {
      expect(await ask(command, inputFor(id))).toBe('done');
      expect(await read(bank, id)).toMatchObject({ status: 'CANCELED', code: 'ENDED_BY_STAFF' });
      const { db } = bank.app.deps;
      expect(await db.waitingMessage.count({ where: { orderId: id } })).toBe(0);
    }
  });

  test('and nobody else does: operations, with a reason, an order that exists', async () => {
    const id = await overfilled();
    const before = [await read(bank, id), await told(bank, id), await auditOf(id)];
    const input = inputFor(id);
    for (const viewer of [alice, support]) {
      expect(await ask(command, input, viewer)).toEqual([{ code: 'FORBIDDEN' }]);
    }
    const field = 'input.reason';
    expect(await ask(command, { ...input, reason: ' ' })).toEqual([{ code: 'BAD_INPUT', field }]);
    const unknown = { ...input, orderId: staffId };
    expect(await ask(command, unknown)).toEqual([{ code: 'NOT_FOUND', field: 'input.orderId' }]);
    expect([await read(bank, id), await told(bank, id), await auditOf(id)]).toEqual(before);
  });
});

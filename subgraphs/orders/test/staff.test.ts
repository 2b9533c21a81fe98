import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useBank } from './bank.ts';
import { ids } from './builders.ts';
import { asking, auditing, key, staffId, support } from './staff.ts';
import {
  alice,
  anOrder,
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
} from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));
const ask = asking(bank);
const auditOf = auditing(bank);

describe('a cancel by staff', () => {
  test('asks the venue, names who and why in the audit, and is repeated by its key', async () => {
    const id = await place(bank);
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    const input = { orderId: id, reason: ' court order 7 ', idempotencyKey: key() };
    expect(await ask('cancelOrderForCustomer', input)).toBe('done');
    expect(await ask('cancelOrderForCustomer', input)).toBe('done');
    expect((await read(bank, id))?.status).toBe('CANCEL_PENDING');
    expect((await told(bank, id)).at(-1)).toBe('7 order-cancel-requested');
    const line = { at: bank.clock.at, outcome: 'DONE', requestId: 'request-1', subject: id };
    expect(await auditOf(id)).toEqual([
      {
        ...line,
        actor: ids.alice,
        role: 'customer',
        command: 'placeOrder',
        reason: null,
        digests: [false, true, true],
      },
      {
        ...line,
        actor: staffId,
        role: 'operations',
        command: 'cancelOrderForCustomer',
        reason: 'court order 7',
        digests: [true, true, true],
      },
    ]);
    const [event] = await bank.app.deps.db.orderEvent.findMany({
      where: { orderId: id, event: 'CANCEL_ASKED' },
    });
    expect(event?.actorId).toBe(staffId);
    const other = { ...input, reason: 'another reason' };
    expect(await ask('cancelOrderForCustomer', other)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('is for operations, with a reason, of an order that exists', async () => {
    const orderId = await place(bank);
    const input = { orderId, reason: 'why not', idempotencyKey: key() };
    const before = await read(bank, orderId);
    const command = 'cancelOrderForCustomer';
    const forbidden = [{ code: 'FORBIDDEN' }];
    expect(await ask(command, input, alice)).toEqual(forbidden);
    expect(await ask(command, input, support)).toEqual(forbidden);
    const field = 'input.reason';
    expect(await ask(command, { ...input, reason: ' ' })).toEqual([{ code: 'BAD_INPUT', field }]);
    const long = { ...input, reason: 'x'.repeat(501) };
    expect(await ask(command, long)).toEqual([{ code: 'BAD_INPUT', field }]);
    const unknown = { ...input, orderId: staffId };
    expect(await ask(command, unknown)).toEqual([{ code: 'NOT_FOUND', field: 'input.orderId' }]);
    expect(await read(bank, orderId)).toEqual(before);
  });

  test('of a customer of their own is audited too', async () => {
    const id = await place(bank);
    await bank.ask(alice, cancelOrder, { input: { orderId: id, idempotencyKey: key() } });
    expect((await auditOf(id)).map(({ command, reason }) => [command, reason])).toEqual([
      ['placeOrder', null],
      ['cancelOrder', null],
    ]);
  });
});

const exceptionsText = `query ($first: Int, $after: String, $unresolvedOnly: Boolean) {
  orderExceptions(first: $first, after: $after, unresolvedOnly: $unresolvedOnly) {
    nodes { id order { id status } reason status event detail recordedAt
      resolution { actorId reason resolvedAt } }
    pageInfo { hasNextPage endCursor } } }`;
const exceptionsShape = z.object({
  orderExceptions: z.object({
    nodes: z.array(
      z
        .object({
          id: z.string(),
          order: z.object({ id: z.string() }),
          detail: z.string(),
          resolution: z.object({ reason: z.string() }).loose().nullable(),
        })
        .loose(),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
const exceptions = async (variables: object = {}) => {
  const { data } = await bank.ask(support, exceptionsText, variables);
  return exceptionsShape.parse(data).orderExceptions;
};

describe('exceptions', () => {
  test('are listed oldest first and resolved once, with a reason that stays', async () => {
    const [one, two] = [await place(bank), await place(bank)];
    await bank.deliver(fundsHeld(one), cancelRefused(one));
    bank.clock.at = new Date(bank.clock.at.getTime() + 1_000);
    await bank.deliver(fundsHeld(two), executed(two, 1, ['11', '50.00']));
    const { nodes } = await exceptions();
    expect(nodes.map((node) => [node.order.id, node['reason'], node['event']])).toEqual([
      [one, 'ILLEGAL_TRANSITION', 'CANCEL_REFUSED'],
      [two, 'OVERFILL', 'EXECUTED'],
    ]);
    expect(JSON.parse(nodes[1]?.detail ?? '')).toMatchObject({ quantity: '11', price: '50' });
    const exceptionId = nodes[0]?.id ?? '';
    const input = { exceptionId, reason: 'told the venue', idempotencyKey: key() };
    const before = await read(bank, one);
    expect(await ask('resolveOrderException', input)).toBe('done');
    expect(await ask('resolveOrderException', input)).toBe('done');
    const again = { ...input, idempotencyKey: key() };
    expect(await ask('resolveOrderException', again)).toBe('ALREADY_RESOLVED');
    expect((await exceptions()).nodes.map(({ order }) => order.id)).toEqual([two]);
    const all = (await exceptions({ unresolvedOnly: false })).nodes;
    expect(all.map(({ resolution }) => resolution?.reason ?? null)).toEqual([
      'told the venue',
      null,
    ]);
    expect(all[0]?.resolution).toMatchObject({ actorId: staffId });
    expect(await auditOf(exceptionId)).toMatchObject([
      { command: 'resolveOrderException', reason: 'told the venue', actor: staffId },
    ]);
    expect(await read(bank, one)).toEqual(before);
    const first = await exceptions({ unresolvedOnly: false, first: 1 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = first.pageInfo.endCursor;
    const next = await exceptions({ unresolvedOnly: false, first: 1, after });
    expect([next.nodes[0]?.order.id, next.pageInfo.hasNextPage]).toEqual([two, false]);
  });

  test('are for staff: support reads, operations resolves', async () => {
    const { errors } = await bank.ask(alice, exceptionsText);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'FORBIDDEN' }]);
    const input = { exceptionId: staffId, reason: 'because', idempotencyKey: key() };
    expect(await ask('resolveOrderException', input, support)).toEqual([{ code: 'FORBIDDEN' }]);
    const field = 'input.exceptionId';
    expect(await ask('resolveOrderException', input)).toEqual([{ code: 'NOT_FOUND', field }]);
  });
});

test('placing an order that is refused leaves no line of audit', async () => {
  const before = await bank.app.deps.db.audit.count();
  await bank.ask(alice, placeOrder, { input: anOrder({ quantity: '0' }) });
  expect(await bank.app.deps.db.audit.count()).toBe(before);
});

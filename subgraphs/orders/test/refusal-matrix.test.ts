import { randomUUID } from 'node:crypto';
import { Kind } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import type {
  CancelOrderForCustomerRefusalCode,
  CancelOrderRefusalCode,
  EndStuckOrderRefusalCode,
  OrderRefusalCode,
  ResolveOrderExceptionRefusalCode,
  SetCommissionPlanRefusalCode,
} from '../src/generated/graphql.ts';
import { typeDefs } from '../src/generated/type-defs.ts';
import { refusalMessages } from '../src/resolvers/refusal-messages.ts';
import { customer, useBank } from './bank.ts';
import { ids } from './builders.ts';
import {
  accountOpened,
  alice,
  anOrder,
  assetUpdated,
  cancelRefused,
  executed,
  fundsHeld,
  fundsRefused,
  type Input,
  place,
  positionRefused,
  prepare,
  read,
  told,
  venueRejected,
} from './story.ts';
import { everyRow } from './tables.ts';

const bank = useBank();
const operations = customer('00000000-0000-4000-8000-0000000000bb', 'operations');
const accountOf = (nth: number) => `00000000-0000-4000-8000-00000000010${nth}`;
const assetOf = (nth: number) => `00000000-0000-4000-8000-00000000021${nth}`;
const unique = () => randomUUID();

beforeAll(async () => {
  await prepare(bank);
  await bank.deliver(
    assetUpdated({ assetId: assetOf(1), symbol: 'WHL', fractionable: false }),
    assetUpdated({ assetId: assetOf(2), symbol: 'GONE', state: 'DELISTED' }),
    assetUpdated({ assetId: assetOf(3), symbol: 'OUT', state: 'SELL_ONLY' }),
    assetUpdated({ assetId: assetOf(4), symbol: 'HLT', state: 'HALTED' }),
    assetUpdated({ assetId: assetOf(5), symbol: 'EUR', currency: 'EUR' }),
    accountOpened({ accountId: accountOf(3), number: '103', status: 'FROZEN' }),
    accountOpened({ accountId: accountOf(4), number: '104' }),
  );
  await place(bank, { idempotencyKey: 'taken' });
});

const market = { type: 'MARKET', limitPrice: null };
const money = { ...market, quantity: null };

/** One way into each refusal; the compiler misses a code that has none. */
const placing: { readonly [Code in OrderRefusalCode]: Input } = {
  QUANTITY_OR_AMOUNT: { amount: '5.00' },
  QUANTITY_NOT_POSITIVE: { quantity: '-3' },
  QUANTITY_PRECISION: { quantity: '0.0000000001' },
  AMOUNT_BELOW_MINIMUM: { ...money, amount: '0.99' },
  AMOUNT_PRECISION: { ...money, amount: '1.001' },
  NOT_FRACTIONABLE: { assetId: 'WHL', quantity: '0.5' },
  PRICE_REQUIRED: { type: 'STOP_LIMIT' },
  PRICE_NOT_ALLOWED: { stopPrice: '60.00' },
  PRICE_NOT_POSITIVE: { type: 'STOP_LIMIT', stopPrice: '0' },
  PRICE_OFF_TICK: { type: 'STOP', limitPrice: null, stopPrice: '60.001' },
  TIME_IN_FORCE_NOT_ALLOWED: { timeInForce: 'IOC', quantity: '0.5' },
  ASSET_NOT_TRADABLE: { assetId: 'GONE' },
  ASSET_SELL_ONLY: { assetId: 'OUT' },
  ASSET_HALTED: { assetId: 'HLT' },
  PRICE_UNAVAILABLE: { ...market, assetId: 'WHL' },
  ACCOUNT_STATUS: { accountId: '103' },
  CURRENCY_MISMATCH: { assetId: 'EUR' },
  ORDER_TOO_LARGE: { quantity: '200001' },
  CALENDAR_UNKNOWN: {},
  IDEMPOTENCY_KEY_REUSED: { idempotencyKey: 'taken', quantity: '3' },
};

/** A command that staff or a customer give, ready to be refused. */
type Refusable = () => Promise<Readonly<Record<string, string>>>;

const ended = async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), executed(id, 1, ['10', '50.00']));
  return id;
};
let versions = 10;
const inState = async (status: 'FROZEN' | 'CLOSED') => {
  await bank.deliver(
    accountOpened({ accountId: accountOf(4), number: '104', version: versions++ }),
  );
  const id = await place(bank, { accountId: '104' });
  const closed = { accountId: accountOf(4), number: '104', version: versions++, status };
  await bank.deliver(accountOpened(closed));
  return id;
};

const canceling: { readonly [Code in CancelOrderRefusalCode]: Refusable } = {
  NOT_CANCELABLE: async () => ({ orderId: await ended() }),
  ACCOUNT_STATUS: async () => ({ orderId: await inState('FROZEN') }),
  IDEMPOTENCY_KEY_REUSED: async () => ({ orderId: await place(bank), idempotencyKey: 'taken' }),
};

/** Uses up a key of staff. */
const stale = async () => {
  const idempotencyKey = unique();
  const input = { orderId: await place(bank), reason: 'asked by phone', idempotencyKey };
  await ask('cancelOrderForCustomer', input);
  return idempotencyKey;
};
const reason = 'asked by phone';
const forCustomer: { readonly [Code in CancelOrderForCustomerRefusalCode]: Refusable } = {
  NOT_CANCELABLE: async () => ({ orderId: await ended(), reason }),
  ACCOUNT_STATUS: async () => ({ orderId: await inState('CLOSED'), reason }),
  IDEMPOTENCY_KEY_REUSED: async () => ({
    orderId: await place(bank),
    reason,
    idempotencyKey: await stale(),
  }),
};

const anException = async () => {
  const id = await place(bank);
  await bank.deliver(fundsHeld(id), cancelRefused(id));
  const row = await bank.app.deps.db.orderException.findFirstOrThrow({ where: { orderId: id } });
  return row.id;
};
const resolving: { readonly [Code in ResolveOrderExceptionRefusalCode]: Refusable } = {
  ALREADY_RESOLVED: async () => {
    const exceptionId = await anException();
    await ask('resolveOrderException', { exceptionId, reason, idempotencyKey: unique() });
    return { exceptionId, reason };
  },
  IDEMPOTENCY_KEY_REUSED: async () => ({
    exceptionId: await anException(),
    reason,
    idempotencyKey: await stale(),
  }),
};
const ending: { readonly [Code in EndStuckOrderRefusalCode]: Refusable } = {
  NOT_LIVE: async () => ({ orderId: await ended(), reason }),
  NOT_STUCK: async () => {
    const orderId = await place(bank);
    await bank.deliver(fundsHeld(orderId), executed(orderId, 1, ['4', '50.00']));
    return { orderId, reason };
  },
  IDEMPOTENCY_KEY_REUSED: async () => ({
    orderId: await place(bank),
    reason,
    idempotencyKey: await stale(),
  }),
};
const planning: { readonly [Code in SetCommissionPlanRefusalCode]: Refusable } = {
  PLAN_UNCHANGED: async () => ({ accountId: '101', plan: 'STANDARD', reason }),
  IDEMPOTENCY_KEY_REUSED: async () => ({
    accountId: '101',
    plan: 'ZERO',
    reason,
    idempotencyKey: await stale(),
  }),
};

const staffed: Readonly<Record<string, Readonly<Record<string, Refusable>>>> = {
  cancelOrder: canceling,
  cancelOrderForCustomer: forCustomer,
  endStuckOrder: ending,
  resolveOrderException: resolving,
  setCommissionPlan: planning,
};

const upper = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}`;

async function ask(command: string, input: object) {
  const operation = command === 'previewOrder' ? 'query' : 'mutation';
  const text = `${operation} ($input: ${upper(command)}Input!) { ${command}(input: $input) {
    __typename ... on ${upper(command)}Refusal { code message } } }`;
  const viewer = /^(place|preview|cancelOrder$)/.test(command) ? alice : operations;
  const { data, errors } = await bank.ask(viewer, text, { input });
  return { answer: data?.[command], errors };
}

/** What a refusal is: its code and message, and nothing anywhere in the database or on its way. */
async function isRefused(command: string, code: string, input: object) {
  if (code === 'CALENDAR_UNKNOWN') bank.clock.at = new Date('2029-01-02T15:00:00.000Z');
  const before = await everyRow(bank.adminUrl);
  const { answer, errors } = await ask(command, input);
  expect(errors).toEqual([]);
  expect(answer).toEqual({
    __typename: `${upper(command)}Refusal`,
    code,
    message: refusalMessages[code as OrderRefusalCode],
  });
  expect(refusalMessages[code as OrderRefusalCode]).toMatch(/^[A-Z].{10,}\.$/);
  expect(await everyRow(bank.adminUrl)).toEqual(before);
}

describe('every refusal is reached, names its reason and leaves every table as it was', () => {
  test.each(Object.entries(placing))('placeOrder: %s', async (code, change) => {
    await isRefused('placeOrder', code, anOrder(change));
  });

  const previewing = Object.entries(placing).filter(([code]) => code !== 'IDEMPOTENCY_KEY_REUSED');
  test.each(previewing)('previewOrder: %s', async (code, change) => {
    const { idempotencyKey: _, ...input } = anOrder(change);
    await isRefused('previewOrder', code, input);
  });

  const commands = Object.entries(staffed).flatMap(([command, codes]) =>
    Object.entries(codes).map(([code, input]) => ({ command, code, input })),
  );
  test.each(commands)('$command: $code', async ({ command, code, input }) => {
    await isRefused(command, code, { idempotencyKey: unique(), ...(await input()) });
  });

  test('and the schema knows no other', () => {
    const known: Readonly<Record<string, object>> = {
      OrderRefusalCode: placing,
      ...Object.fromEntries(
        Object.entries(staffed).map(([name, codes]) => [`${upper(name)}RefusalCode`, codes]),
      ),
    };
    const enums = typeDefs.definitions.flatMap((definition) =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value.endsWith('RefusalCode')
        ? [[definition.name.value, definition.values?.map(({ name }) => name.value).sort()]]
        : [],
    );
    const reached = Object.entries(known).map(([name, codes]) => [name, Object.keys(codes).sort()]);
    expect(Object.fromEntries(enums)).toEqual(Object.fromEntries(reached));
  });
});

describe('what is refused later is the code of the order, which then has cost nothing', () => {
  const sale = { side: 'SELL' };
  const later: Readonly<Record<string, () => Promise<string>>> = {
    INSUFFICIENT_FUNDS: async () => {
      const id = await place(bank);
      await bank.deliver(fundsRefused(id));
      return id;
    },
    INSUFFICIENT_POSITION: async () => {
      const id = await place(bank, sale);
      await bank.deliver(positionRefused(id));
      return id;
    },
    VENUE_REJECTED: async () => {
      const id = await place(bank);
      await bank.deliver(fundsHeld(id), venueRejected(id));
      return id;
    },
  };

  test.each(Object.entries(later))('%s', async (code, arrange) => {
    const id = await arrange();
    const status = code === 'VENUE_REJECTED' ? 'FAILED' : 'REJECTED';
    const free = { filledQuantity: '0', fees: { total: { amount: '0.00' } }, executions: [] };
    expect(await read(bank, id)).toMatchObject({ status, code, ...free });
    expect((await told(bank, id)).at(-1)).toContain('order-completed');
    const [last] = (await bank.outbox('orders.order-completed.v1')).slice(-1);
    expect(last?.payload).toMatchObject({ orderId: id, status, code, fees: '0', value: '0' });
  });

  test('VENUE_FAILED after a part keeps the part', async () => {
    const id = await place(bank);
    await bank.deliver(fundsHeld(id), executed(id, 1, ['4', '50.00']), venueRejected(id, 1));
    const status = 'CANCELED';
    expect(await read(bank, id)).toMatchObject({
      status,
      code: 'VENUE_FAILED',
      filledQuantity: '4',
    });
  });
});

test('a key that was refused is free for the order that is meant', async () => {
  const { account } = ids;
  const input = anOrder({ accountId: account, quantity: '0', idempotencyKey: 'refused before' });
  await ask('placeOrder', input);
  expect(await place(bank, { ...input, quantity: '1' })).toEqual(expect.any(String));
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCustomer } from './builders.ts';
import { anonymous, type Bank, operations, principal, service, startBank } from './support/bank.ts';

let bank: Bank;
let people: readonly Awaited<ReturnType<typeof aCustomer>>[];
beforeAll(async () => {
  bank = await startBank();
  people = [await aCustomer(bank), await aCustomer(bank), await aCustomer(bank)];
});
afterAll(() => bank.stop());

const support = principal(randomUUID(), 'support');
const pageText = `query ($page: Int!, $size: Int!) {
  customers(page: $page, size: $size) { items { id number roles } page size total } }`;
const page = async (asked: object, viewer = support) => {
  const { data, errors } = await bank.as(viewer)(pageText, { page: 1, size: 20, ...asked });
  return errors?.[0]?.extensions ?? data?.['customers'];
};
const namedText = `query ($ids: [ID!]!) { customersNamed(ids: $ids) { id number } }`;
const named = async (ids: readonly string[], viewer = support) => {
  const { data, errors } = await bank.as(viewer)(namedText, { ids });
  return errors?.[0]?.extensions ?? data?.['customersNamed'];
};
const shown = (n: number) => ({
  id: people[n]?.id,
  number: String(n + 1),
  roles: ['CUSTOMER'],
});

describe('all customers, for staff', () => {
  test('pages follow the numbers, and say how many customers there are', async () => {
    const total = { total: 3 };
    const whole = { items: [shown(0), shown(1), shown(2)], page: 1, size: 20, ...total };
    expect(await page({})).toEqual(whole);
    expect(await page({}, operations)).toEqual(whole);
    expect(await page({ page: 2, size: 2 })).toEqual({
      items: [shown(2)],
      page: 2,
      size: 2,
      ...total,
    });
    expect(await page({ page: 9 })).toEqual({ items: [], page: 9, size: 20, ...total });
  });

  test.each([
    ['page', { page: 0 }],
    ['page', { page: 100_001 }],
    ['size', { size: 0 }],
    ['size', { size: 101 }],
  ])('a %s out of bounds is named', async (field, asked) => {
    expect(await page(asked)).toEqual({ code: 'BAD_INPUT', field });
  });

  test('customers and strangers see none of it', async () => {
    const [one] = people;
    expect(await page({}, one?.viewer)).toEqual({ code: 'FORBIDDEN' });
    expect(await page({}, anonymous())).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

describe('customers by name', () => {
  const key = (n: number) => ({ id: people[n]?.id, number: String(n + 1) });

  test('in the order asked for, by number or UUID, null for what is unknown', async () => {
    const upper = String(people[1]?.id).toUpperCase();
    expect(await named(['3', upper, '999', randomUUID(), 'nobody', '3'])).toEqual([
      key(2),
      key(1),
      null,
      null,
      null,
      key(2),
    ]);
  });

  test('another customer is as unknown as nobody, by either name', async () => {
    const [one] = people;
    const asked = ['1', String(one?.id), '2', String(people[1]?.id)];
    expect(await named(asked, one?.viewer)).toEqual([key(0), key(0), null, null]);
    expect(await named(['1'], anonymous())).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('a service, which registers staff, reads nobody', async () => {
    expect(await named(['1', String(people[0]?.id)], service)).toEqual([null, null]);
  });

  test('one to 100 at once', async () => {
    expect(await named([], support)).toEqual({ code: 'BAD_INPUT', field: 'ids' });
    const many = Array.from({ length: 101 }, () => '1');
    expect(await named(many, support)).toEqual({ code: 'BAD_INPUT', field: 'ids' });
  });
});

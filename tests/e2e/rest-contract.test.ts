import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderEnds } from '../../tools/bank/trading.ts';
import { openRestWorld, type RestWorld } from './rest/world.ts';

let world: RestWorld;
beforeAll(async () => {
  world = await openRestWorld();
}, 300_000);
afterAll(() => world?.close());

const key = (value: string) => ({ 'idempotency-key': value });
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const decimal = expect.stringMatching(/^\d+(\.\d+)?$/);
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);

type Body = Readonly<Record<string, unknown>>;

describe('strategies', () => {
  const assets = [
    { assetId: 'ABC', percentage: 33.33 },
    { assetId: 'DEF', percentage: 66.67 },
  ];
  const make = (body: unknown) =>
    world.call({ method: 'POST', path: '/strategies', who: 'staff', body, headers: key('mine') });

  test('a strategy is made, found at its location, and made once per key', async () => {
    const made = await make({ name: 'Two of three', assets });
    const { id } = made.body as { id: number };
    expect(made.body).toEqual({
      id: expect.any(Number),
      name: 'Two of three',
      assets,
      createdById: uuid,
      createdAt: instant,
    });
    expect([made.status, made.headers.get('location')]).toEqual([201, `/strategies/${id}`]);
    expect((await make({ name: 'Two of three', assets })).body).toEqual(made.body);

    const found = await world.call({ path: made.headers.get('location') ?? '' });
    expect(found.body).toEqual({
      ...(made.body as object),
      assets: assets.map(({ percentage }) => ({ assetId: uuid, percentage })),
    });
    const versioned = await world.call({ path: `/v1/strategies/${id}` });
    expect(versioned.body).toEqual(found.body);
  });

  test('a payment is invested once, and the order is found at its location', async () => {
    const path = `/strategies/${world.strategy.uuid}/orders`;
    const body = {
      destinationAccountId: Number(world.ina.account),
      amount: 250,
      paymentId: world.payment,
    };
    const invest = () => world.call({ method: 'POST', path, body, headers: key('invest') });
    const [first, ...repeats] = await Promise.all([invest(), invest(), invest()]);
    const { id, paymentId } = first.body as { id: number; paymentId: number };
    expect(first.body).toEqual({
      id: expect.any(Number),
      strategyId: world.strategy.id,
      destinationAccountId: Number(world.ina.account),
      amount: '250.00',
      paymentId: expect.any(Number),
      status: expect.any(String),
      orders: expect.any(Array),
      skipped: [],
    });
    const location = `/strategies/${world.strategy.id}/orders/${id}`;
    expect([first.status, first.headers.get('location')]).toEqual([201, location]);
    for (const repeat of repeats) expect(repeat.body).toMatchObject({ id, paymentId });

    await expect
      .poll(async () => (await world.call({ path: location })).body, { timeout: 20_000 })
      .toMatchObject({ id, status: 'COMPLETED', orders: [{ symbol: 'ABC', amount: '150.00' }] });
    const ofStranger = await world.call({ path: location, who: 'stranger' });
    expect([ofStranger.status, (ofStranger.body as Body)['code']]).toEqual([404, 'NOT_FOUND']);
  });

  test.each(['destinationAccountId', 'amount', 'paymentId'])('%s is required', async (field) => {
    const whole = { destinationAccountId: 1, amount: '250', paymentId: world.payment };
    const body = { ...whole, [field]: undefined };
    const path = `/strategies/${world.strategy.id}/orders`;
    const answer = await world.call({ method: 'POST', path, body, headers: key('part') });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'BAD_INPUT', field });
  });
});

describe('what is held and what it costs', () => {
  test('holdings are numbers and amounts, of one account by either id', async () => {
    const answers = await Promise.all(
      ['', `?accountId=${world.ina.account}`, `?accountId=${world.ina.accountId}`].map((query) =>
        world.call({ path: `/holdings${query}` }),
      ),
    );
    const apple = {
      accountId: Number(world.ina.account),
      asset: { id: uuid, symbol: 'AAPL', name: 'AAPL Inc.' },
      quantity: '3',
      price: decimal,
      value: decimal,
      asOf: instant,
    };
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual(expect.arrayContaining([apple]));
    }
  });

  test('prices are public, by symbol, and unknown symbols are left out', async () => {
    const price = (symbol: string) => ({ symbol, price: decimal, asOf: instant, stale: false });
    const some = await world.call({ path: '/prices?symbols=msft,AAPL,NONE', who: 'nobody' });
    expect(some.body).toEqual([price('AAPL'), price('MSFT')]);
    const all = await world.call({ path: '/prices', who: 'nobody' });
    expect((all.body as Body[]).map(({ symbol }) => symbol)).toEqual([
      'AAPL',
      'ABC',
      'DEF',
      'MSFT',
    ]);
    expect(all.headers.get('cache-control')).toBe('public, max-age=300');
    const again = await world.call({ path: '/prices?symbols=AAPL,MSFT,AAPL,none', who: 'nobody' });
    expect(again.body).toEqual(some.body);
  });

  test('shares are sold for the day; the venue has not seen the order yet', async () => {
    const body = { accountId: Number(world.ina.account), assetId: 'AAPL', quantity: '1' };
    const sold = await world.call({
      ...{ method: 'POST', path: '/shares/sell', body, headers: key('sale') },
    });
    const { orderId } = sold.body as { orderId: string };
    expect(sold.body).toEqual({ ok: `sell order ${orderId} placed`, orderId, status: 'RESERVING' });
    expect(sold.status).toBe(200);
    await orderEnds(world.ina.door, { id: orderId });
  });
});

describe('customers, their orders and their profiles', () => {
  const of = (path: string, who: 'ina' | 'staff' = 'ina') => world.call({ path, who });

  test('staff page through all customers by number', async () => {
    const whole = (await of('/customers?page=1&size=100', 'staff')).body as Body;
    const items = whole['items'] as readonly { id: number }[];
    expect(whole).toMatchObject({ page: 1, size: 100, total: items.length });
    expect(items.map(({ id }) => id)).toEqual([...items.map(({ id }) => id)].sort((a, b) => a - b));
    expect(items).toEqual(
      expect.arrayContaining([
        {
          id: Number(world.ina.number),
          uuid: world.ina.id,
          name: 'Ina Investor',
          email: expect.stringContaining('@example.com'),
          verification: 'ACCEPTED',
        },
      ]),
    );
    const pages = await Promise.all(
      items.map(async (_, n) => (await of(`/customers?page=${n + 1}&size=1`, 'staff')).body),
    );
    expect(pages.flatMap((page) => (page as { items: object[] }).items)).toEqual(items);
    const usual = (await of('/customers', 'staff')).body;
    expect(usual).toMatchObject({ page: 1, size: 20, total: items.length });
  });

  test('orders of several customers are one list, by number or UUID, in pages', async () => {
    const { ina, stranger } = world;
    const both = await of(`/orders?customerIds=${ina.number},${stranger.id}`, 'staff');
    const own = await of(`/orders?customerIds=${ina.id}`);
    const { items } = own.body as { items: readonly Body[] };
    expect(items.length).toBeGreaterThanOrEqual(2);
    expect(both.body).toEqual(own.body);
    expect(items.at(-1)).toMatchObject({
      accountId: Number(ina.account),
      symbol: 'AAPL',
      side: 'BUY',
      status: 'FILLED',
      quantity: '3',
    });
    const walked: Body[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const after: string = next === '' ? '' : `&after=${next}`;
      const page = await of(`/orders?customerIds=${ina.number}&size=1${after}`);
      const body = page.body as { items: Body[]; next: string | null };
      walked.push(...body.items);
      next = body.next;
    }
    expect(walked).toEqual(items);
  });

  test("a stranger's orders and profile are not there, even beside one's own", async () => {
    const { ina, stranger } = world;
    const paths = [
      `/orders?customerIds=${ina.number},${stranger.number}`,
      `/orders?customerIds=${stranger.id}`,
      '/orders?customerIds=999999',
      `/profile/${stranger.id}`,
      '/profile/00000000-0000-4000-8000-000000000009',
    ];
    const answers = await Promise.all(paths.map((path) => of(path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  test('a profile says the name of its customer, and where the caller is', async () => {
    const { id, number } = world.ina;
    const expected = {
      ip: { ip: '127.0.0.1' },
      settings: { settings: { name: 'Ina Investor', uuid: id } },
    };
    const answers = await Promise.all([
      of(`/profile/${id}`),
      of(`/profile/${number}`),
      of(`/profile/${id}`, 'staff'),
    ]);
    expect(answers.map(({ body }) => body)).toEqual([expected, expected, expected]);
  });
});

test('health tells the time in UTC, ping answers OK', async () => {
  const health = await world.call({ path: '/health', who: 'nobody' });
  expect(health.body).toEqual({ ok: instant });
  const ping = await world.call({ path: '/v1/ping', who: 'nobody' });
  expect([ping.text, ping.headers.get('content-type')]).toEqual([
    'OK',
    expect.stringContaining('text/plain'),
  ]);
});

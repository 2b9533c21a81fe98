import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { type Described, readDocument } from './rest/document.ts';
import { signInOnPhone } from './rest/phone.ts';
import { type Call, callerOf, originOf } from './rest/world.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

type Gateway = {
  readonly document: Described;
  readonly call: ReturnType<typeof callerOf>;
};
let bank: WholeBank;
let web: Gateway;
let mobile: Gateway;
let account: string;
let accountOfOtto: string;

const password = 'a-long-enough-secret';
const ina = { email: 'ina@example.com', password };
const otto = { email: 'otto@example.com', password };

async function join(credentials: typeof ina) {
  const legalName = 'Ina Investor';
  await signUp(bank.web, { ...credentials, name: legalName });
  const door = await signIn(bank.web, credentials);
  const opened = await openActiveAccount(door, { legalName, name: 'Main', key: 'open' });
  await deposit(door, { accountId: opened.id, amount: '5000.00', key: 'deposit' });
  return { door, ...opened };
}

/** Two positions and an order that stays open: what makes a screen worth showing. */
async function invest(door: BankClient, accountId: string): Promise<void> {
  const buy = { accountId, side: 'BUY', type: 'MARKET', quantity: '2' } as const;
  const orders = await Promise.all(
    ['AAPL', 'MSFT'].map((assetId) =>
      placeOrder(door, { ...buy, assetId, idempotencyKey: `buy-${assetId}` }),
    ),
  );
  await Promise.all(orders.map(({ id }) => orderEnds(door, { id })));
  const far = { ...buy, assetId: 'ABC', type: 'LIMIT', limitPrice: '1.00' } as const;
  await placeOrder(door, { ...far, idempotencyKey: 'far' });
  await waitFor('both positions with their value', async () => {
    type Seen = { holdings: { value: object | null }[] };
    const { holdings } = await door.ask<Seen>('{ holdings { value { amount } } }');
    return holdings.filter(({ value }) => value).length === 2 ? true : null;
  });
}

beforeAll(async () => {
  bank = await startWholeBank();
  const [first, second] = await Promise.all([join(ina), join(otto)]);
  account = first.number;
  accountOfOtto = second.number;
  await invest(first.door, first.id);
  const [onWeb, onMobile] = ['web', 'mobile'].map((name) =>
    originOf(bankClient(bank.urls[name] ?? '')),
  );
  if (!onWeb || !onMobile) throw new Error('two gateways');
  const [ofIna, ofOtto] = await Promise.all(
    [ina, otto].map((one) => signInOnPhone(`${onMobile}/graphql`, one)),
  );
  web = {
    document: await readDocument(onWeb),
    call: callerOf(onWeb, { ina: first.door.headers, stranger: second.door.headers, nobody: {} }),
  };
  mobile = {
    document: await readDocument(onMobile),
    call: callerOf(onMobile, { ina: ofIna ?? {}, stranger: ofOtto ?? {}, nobody: {} }),
  };
}, 300_000);
afterAll(() => bank?.close());

const bytesOf = (text: string) => gzipSync(text).length;

describe('a screen asks each subgraph once', () => {
  /** How often each subgraph was asked, by the lines that their doors write. */
  async function askedFor(id: string): Promise<Readonly<Record<string, number>>> {
    const lines = (await bank.lines()).filter((line) => line['request_id'] === id);
    const names = lines.map(({ service }) => String(service));
    const subgraphs = [...new Set(names)].filter((name) => name !== 'web' && name !== 'mobile');
    return Object.fromEntries(
      subgraphs.map((name) => [name, names.filter((one) => one === name).length]),
    );
  }
  const once = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 1]));

  test.each([
    {
      screen: 'home of the web',
      on: () => ({ gateway: web, path: '/screens/home' }),
      asked: once('accounts', 'assets', 'holdings', 'notifications', 'orders'),
    },
    {
      screen: 'home of the phone',
      on: () => ({ gateway: mobile, path: '/screens/home' }),
      asked: once('accounts', 'assets', 'holdings', 'notifications'),
    },
    {
      screen: 'portfolio of the web',
      on: () => ({ gateway: web, path: `/screens/portfolio/${account}` }),
      asked: once('accounts', 'holdings', 'orders'),
    },
    {
      screen: 'portfolio of the phone',
      on: () => ({ gateway: mobile, path: `/screens/portfolio/${account}` }),
      asked: once('accounts', 'holdings', 'orders'),
    },
    {
      // What is left after the order needs orders, then accounts, then orders again.
      screen: 'order of the web',
      on: () => ({ gateway: web, path: `/screens/order-entry/${account}/AAPL` }),
      asked: { ...once('assets', 'holdings'), accounts: 2, orders: 2 },
    },
    {
      screen: 'order of the phone',
      on: () => ({ gateway: mobile, path: `/screens/order/${account}/AAPL` }),
      asked: once('accounts', 'assets', 'holdings', 'orders'),
    },
  ])('$screen', async ({ screen, on, asked }) => {
    const { gateway, path } = on();
    const id = `hops-${screen.replaceAll(' ', '-')}`;
    const { status } = await gateway.call({ path, headers: { 'x-request-id': id } });
    expect(status).toBe(200);
    await expect.poll(() => askedFor(id)).toEqual(asked);
  });
});

describe('a screen is one request', () => {
  /** Bytes compressed: of the phone at most, and as a part of what the web's screen takes. */
  const budgets = [
    { screen: 'home', at: () => '/screens/home', bytesMax: 180, partMax: 0.35 },
    { screen: 'portfolio', at: () => `/screens/portfolio/${account}`, bytesMax: 400, partMax: 0.6 },
    { screen: 'order', at: () => `/screens/order/${account}/AAPL`, bytesMax: 300, partMax: 0.6 },
  ];
  const onWeb = (path: string) => path.replace('/order/', '/order-entry/');

  test.each(budgets)('$screen takes fewer bytes on the phone', async (budget) => {
    const path = budget.at();
    const [large, small] = await Promise.all([
      web.call({ path: onWeb(path) }),
      mobile.call({ path }),
    ]);
    expect([large.status, small.status]).toEqual([200, 200]);
    const sizes = { web: bytesOf(large.text), mobile: bytesOf(small.text) };
    console.info(`${budget.screen}: ${JSON.stringify(sizes)} bytes compressed`);
    expect(sizes.mobile).toBeLessThanOrEqual(budget.bytesMax);
    expect(sizes.mobile).toBeLessThanOrEqual(sizes.web * budget.partMax);
    expect(large.body).toMatchObject({ degraded: false });
    expect(small.body).not.toHaveProperty('d');
  });

  test('the home screens say the same of an account, each in its words', async () => {
    const [large, small] = await Promise.all(
      [web, mobile].map(({ call }) => call({ path: '/screens/home' })),
    );
    expect(large?.body).toMatchObject({
      customer: { name: 'Ina Investor' },
      accounts: [
        {
          id: Number(account),
          name: 'Main',
          status: 'ACTIVE',
          holdings: [{ symbol: 'AAPL' }, { symbol: 'MSFT' }],
          orders: [{ symbol: 'ABC', side: 'BUY' }, { status: 'FILLED' }, { status: 'FILLED' }],
        },
      ],
      market: { isOpen: true },
    });
    expect(small?.body).toMatchObject({ a: [{ i: Number(account), n: 'Main' }], m: true });
  });

  test('what has not changed is a 304 without a body', async () => {
    const path = '/screens/asset/DEF';
    const etag = (await mobile.call({ path })).headers.get('etag') ?? '';
    const same = await mobile.call({ path, headers: { 'if-none-match': etag } });
    // A quote may have come in between; then the tag must have changed with it.
    if (same.status !== 304) expect(same.headers.get('etag')).not.toBe(etag);
    else expect([same.text, same.headers.get('etag')]).toEqual(['', etag]);
  });
});

const mobileCases = (): readonly (Call & { operation: string; status: number })[] => {
  const portfolio = 'GET /screens/portfolio/{account}';
  const asset = 'GET /screens/asset/{asset}';
  const order = 'GET /screens/order/{account}/{asset}';
  return [
    { operation: 'GET /screens/home', status: 200, path: '/screens/home' },
    { operation: portfolio, status: 200, path: `/screens/portfolio/${account}` },
    { operation: portfolio, status: 400, path: '/screens/portfolio/mine' },
    { operation: portfolio, status: 404, path: `/screens/portfolio/${accountOfOtto}` },
    { operation: asset, status: 200, path: '/screens/asset/aapl', who: 'nobody' },
    { operation: asset, status: 400, path: `/screens/asset/${'A'.repeat(37)}` },
    { operation: asset, status: 404, path: '/screens/asset/NONE' },
    { operation: order, status: 200, path: `/screens/order/${account}/AAPL?quantity=2` },
    { operation: order, status: 200, path: `/screens/order/${account}/AAPL?quantity=0` },
    { operation: order, status: 400, path: `/screens/order/${account}/AAPL?side=HOLD` },
    { operation: order, status: 404, path: `/screens/order/${accountOfOtto}/AAPL` },
    { operation: 'GET /holdings', status: 200, path: '/holdings' },
    { operation: 'GET /holdings', status: 400, path: '/holdings?accountId=mine' },
    { operation: 'GET /holdings', status: 404, path: `/holdings?accountId=${accountOfOtto}` },
    { operation: 'GET /health', status: 200, path: '/health', who: 'nobody' },
    { operation: 'GET /ping', status: 200, path: '/v1/ping', who: 'nobody' },
  ];
};

describe('every answer of the mobile gateway is as its OpenAPI document says', () => {
  test('each declared call has a case for each status of its own', () => {
    const elsewhere = [304, 401, 405, 429, 500, 503];
    const tried = new Set(mobileCases().map(({ operation, status }) => `${operation} ${status}`));
    const told = [...mobile.document.operations].flatMap(([operation, statuses]) =>
      statuses
        .filter((status) => !elsewhere.includes(status))
        .map((status) => `${operation} ${status}`),
    );
    expect(told.filter((one) => !tried.has(one))).toEqual([]);
  });

  test('success, bad input, and what is not there; 401 and 405 everywhere', async () => {
    for (const { operation, status, ...one } of mobileCases()) {
      const seen = await mobile.call(one);
      expect([one.path, seen.status]).toEqual([one.path, status]);
      mobile.document.expectDescribed(operation, seen);
      if (operation === 'GET /health' || operation === 'GET /ping') continue;
      const headers = { authorization: 'Bearer a.b.c' };
      const refused = [
        await mobile.call({ ...one, headers }),
        await mobile.call({ ...one, method: 'POST' }),
      ];
      for (const answer of refused) mobile.document.expectDescribed(operation, answer);
      expect(refused.map((answer) => answer.status)).toEqual([401, 405]);
    }
  });
});

/** Otto has asked nothing before, so nothing that is kept can answer. */
describe('a screen says what it knows while a part is down', () => {
  const see = async (gateway: Gateway, path: string, operation = `GET ${path}`) => {
    const seen = await gateway.call({ path, who: 'stranger' });
    expect([path, seen.status, seen.text.slice(0, 300)]).toEqual([path, 200, expect.any(String)]);
    gateway.document.expectDescribed(operation, seen);
    return seen.body;
  };
  const portfolio = 'GET /screens/portfolio/{account}';

  test('without orders: accounts and holdings, and no estimate', async () => {
    await bank.stop('orders');
    expect(await see(web, '/screens/home')).toMatchObject({
      accounts: [{ name: 'Main', orders: null, holdings: [] }],
      degraded: true,
    });
    const path = `/screens/order-entry/${accountOfOtto}/AAPL`;
    const entry = await see(web, path, 'GET /screens/order-entry/{account}/{asset}');
    expect(entry).toMatchObject({
      account: { name: 'Main' },
      asset: { symbol: 'AAPL' },
      estimate: null,
      degraded: true,
    });
    const order = `/screens/order/${accountOfOtto}/AAPL`;
    expect(await see(mobile, order, 'GET /screens/order/{account}/{asset}')).toMatchObject({
      a: { s: 'AAPL' },
      e: null,
      d: 1,
    });
    expect(await see(mobile, `/screens/portfolio/${accountOfOtto}`, portfolio)).toMatchObject({
      n: 'Main',
      o: null,
      d: 1,
    });
  });

  test('without accounts, too: news and market; what is held is still told', async () => {
    await bank.stop('accounts');
    expect(await see(web, '/screens/home')).toMatchObject({
      customer: null,
      accounts: null,
      unread: expect.any(Number),
      market: { isOpen: true },
      degraded: true,
    });
    expect(await see(mobile, '/screens/home')).toMatchObject({ a: null, m: true, d: 1 });
    expect(await see(web, `/screens/portfolio/${accountOfOtto}`, portfolio)).toMatchObject({
      account: null,
      holdings: [],
      degraded: true,
    });
    const foreign = await web.call({ path: `/screens/portfolio/${account}`, who: 'stranger' });
    expect(foreign.status).toBe(404);
  });
});

import type { Call, RestWorld } from './world.ts';

export type Case = Call & {
  /** As the document calls it. */
  readonly operation: string;
  readonly status: number;
};

/** `investment` is the number of the order that the case of `key('invest')` makes. */
type World = Pick<RestWorld, 'ina' | 'stranger' | 'strategy' | 'payment'> & {
  readonly investment: number;
};

const key = (value: string) => ({ 'idempotency-key': value });
const unknown = '00000000-0000-4000-8000-000000000009';
const manySymbols = Array.from({ length: 101 }, (_, n) => `S${n}`).join();

const half = [
  { assetId: 'ABC', percentage: 33.33 },
  { assetId: 'DEF', percentage: 66.67 },
];

const strategies = ({ ina, strategy, payment, investment }: World): Case[] => {
  const make = { operation: 'POST /strategies', method: 'POST', path: '/strategies' } as const;
  const ofStaff = { ...make, who: 'staff' } as const;
  const body = { name: 'Thirds', assets: half };
  const invest = {
    operation: 'POST /strategies/{id}/orders',
    method: 'POST',
    path: `/strategies/${strategy.id}/orders`,
  } as const;
  const wish = { destinationAccountId: Number(ina.account), amount: '250', paymentId: payment };
  const one = 'GET /strategies/{id}';
  const order = 'GET /strategies/{id}/orders/{orderId}';
  return [
    { ...ofStaff, status: 201, body, headers: key('thirds') },
    { ...ofStaff, status: 409, body: { ...body, name: 'Other' }, headers: key('thirds') },
    { ...ofStaff, status: 400, body: { assets: half } },
    { ...ofStaff, status: 422, body: { name: 'Half', assets: half.slice(1) } },
    { ...make, status: 403, body },
    { operation: one, status: 200, path: `/strategies/${strategy.id}` },
    { operation: one, status: 400, path: '/strategies/first' },
    { operation: one, status: 404, path: `/strategies/${unknown}` },
    { ...invest, status: 201, body: wish, headers: key('invest') },
    { ...invest, status: 409, body: { ...wish, amount: '2' }, headers: key('invest') },
    { ...invest, status: 422, body: { ...wish, amount: 0.5 }, headers: key('little') },
    { ...invest, status: 400, body: { ...wish, paymentId: undefined }, headers: key('free') },
    {
      ...invest,
      status: 404,
      path: '/strategies/999999/orders',
      body: wish,
      headers: key('nowhere'),
    },
    { operation: order, status: 200, path: `/strategies/${strategy.id}/orders/${investment}` },
    { operation: order, status: 400, path: `/strategies/${strategy.id}/orders/none` },
    { operation: order, status: 404, path: '/strategies/999999/orders/1' },
  ];
};

const reads = ({ ina, stranger }: World): Case[] => [
  { operation: 'GET /holdings', status: 200, path: `/holdings?accountId=${ina.account}` },
  { operation: 'GET /holdings', status: 400, path: '/holdings?accountId=mine' },
  { operation: 'GET /holdings', status: 404, path: `/holdings?accountId=${stranger.accountId}` },
  { operation: 'GET /prices', status: 200, path: '/prices', who: 'nobody' },
  { operation: 'GET /prices', status: 400, path: `/prices?symbols=${manySymbols}` },
  { operation: 'GET /customers', status: 200, path: '/customers?page=1&size=1', who: 'staff' },
  { operation: 'GET /customers', status: 400, path: '/customers?size=101', who: 'staff' },
  { operation: 'GET /customers', status: 403, path: '/customers' },
  { operation: 'GET /orders', status: 200, path: `/orders?customerIds=${ina.number}` },
  { operation: 'GET /orders', status: 400, path: '/orders' },
  { operation: 'GET /orders', status: 404, path: `/orders?customerIds=${stranger.number}` },
  { operation: 'GET /profile/{uuid}', status: 200, path: `/profile/${ina.id}` },
  { operation: 'GET /profile/{uuid}', status: 400, path: '/profile/me' },
  { operation: 'GET /profile/{uuid}', status: 404, path: `/profile/${stranger.id}` },
  { operation: 'GET /health', status: 200, path: '/health', who: 'nobody' },
  { operation: 'GET /ping', status: 200, path: '/ping', who: 'nobody' },
];

const sales = ({ ina, stranger }: World): Case[] => {
  const sell = { operation: 'POST /shares/sell', method: 'POST', path: '/shares/sell' } as const;
  const body = { accountId: ina.account, symbol: 'AAPL', quantity: 1 };
  return [
    { ...sell, status: 200, body, headers: key('sale') },
    { ...sell, status: 409, body: { ...body, quantity: 2 }, headers: key('sale') },
    { ...sell, status: 422, body: { ...body, quantity: '0' }, headers: key('nothing') },
    { ...sell, status: 400, body: { ...body, assetId: 'AAPL' }, headers: key('twice') },
    {
      ...sell,
      status: 404,
      body: { ...body, accountId: stranger.accountId },
      headers: key('foreign'),
    },
  ];
};

const screens = ({ ina, stranger }: World): Case[] => {
  const portfolio = 'GET /screens/portfolio/{account}';
  const entry = 'GET /screens/order-entry/{account}/{asset}';
  const at = `/screens/order-entry/${ina.account}/AAPL`;
  return [
    { operation: 'GET /screens/home', status: 200, path: '/screens/home' },
    { operation: portfolio, status: 200, path: `/screens/portfolio/${ina.account}` },
    { operation: portfolio, status: 400, path: '/screens/portfolio/mine' },
    { operation: portfolio, status: 404, path: `/screens/portfolio/${stranger.account}` },
    { operation: entry, status: 200, path: at },
    { operation: entry, status: 200, path: `${at}?quantity=0` },
    { operation: entry, status: 400, path: `${at}?side=HOLD` },
    { operation: entry, status: 404, path: `/screens/order-entry/${stranger.account}/AAPL` },
  ];
};

/** Each call of the web gateway, in the cases that its document tells. */
export const webCases = (world: World): readonly Case[] => [
  ...strategies(world),
  ...reads(world),
  ...sales(world),
  ...screens(world),
];

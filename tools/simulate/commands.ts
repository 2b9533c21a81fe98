import { GraphQLEnumType } from 'graphql';
import type { Command } from './ask.ts';
import { closing, staffCommand } from './commands-of-staff.ts';
import { listed, priceOf } from './exchange-prices.ts';
import type { Person, World } from './world.ts';

/** What customers ask for; most of it sensible, some of it not. */

const cents = (amount: number): string => (amount / 100).toFixed(2);

const placed = (text: string) => `__typename
  ... on PlaceOrderSuccess { order { id } } ... on PlaceOrderRefusal { ${text} }`;
const orderText = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  ${placed('code')} } }`;
const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename
  ... on CancelOrderSuccess { order { id } } ... on CancelOrderRefusal { code } } }`;
const payText = (name: string) => `mutation($input: ${name}Input!) {
  ${name[0]?.toLowerCase()}${name.slice(1)}(input: $input) { __typename
  ... on ${name}Success { payment { id } } ... on ${name}Refusal { code } } }`;
const investText = `mutation($input: InvestInStrategyInput!) { investInStrategy(input: $input) {
  __typename ... on InvestInStrategySuccess { strategyOrder { id } }
  ... on InvestInStrategyRefusal { code } } }`;

/** Without a viewer it is the customer's own. */
type Wish = Omit<Command, 'viewer'> & Partial<Pick<Command, 'viewer'>>;
type Maker = (world: World, person: Person) => Wish | null;

const key = (world: World) => `key-${world.step}`;

/** The values that the bank knows today, whatever will be added. */
function knows(world: World, type: string, value: string): boolean {
  const found = world.bank.orders.steps().graph?.schema.getType(type);
  return found instanceof GraphQLEnumType && found.getValue(value) !== undefined;
}

/** So many percent beyond the market for this side, or the very price at which it trades. */
function limitFor(world: World, symbol: string, side: 'BUY' | 'SELL'): string {
  const { bid, ask } = priceOf(world.seed, symbol, world.clock.now());
  const market = side === 'BUY' ? ask : bid;
  const percent = world.dice.flip(0.4) ? 0 : world.dice.between(-4, 4);
  const beyond = side === 'BUY' ? 100 + percent : 100 - percent;
  return market.times(beyond).div(100).toFixed(2);
}

/** Where the price has to go before the order is awake. */
function stopFor(world: World, symbol: string, side: 'BUY' | 'SELL'): string {
  const { last } = priceOf(world.seed, symbol, world.clock.now());
  const percent = world.dice.between(0, 2);
  return last
    .times(side === 'BUY' ? 100 + percent : 100 - percent)
    .div(100)
    .toFixed(2);
}

/** Type and time in force, as far as the bank knows them. */
function terms(world: World, symbol: string, side: 'BUY' | 'SELL') {
  const { dice } = world;
  const limitPrice = limitFor(world, symbol, side);
  const stopPrice = stopFor(world, symbol, side);
  const kind = dice.weighted([
    [{ type: 'MARKET', timeInForce: 'DAY' }, 10],
    [{ type: 'LIMIT', timeInForce: 'DAY', limitPrice }, 6],
    [{ type: 'LIMIT', timeInForce: 'GTC', limitPrice }, 3],
    [{ type: 'LIMIT', timeInForce: 'IOC', limitPrice }, 1],
    [{ type: 'LIMIT', timeInForce: 'FOK', limitPrice }, 1],
    [{ type: 'STOP', timeInForce: 'DAY', stopPrice }, 2],
    [{ type: 'STOP_LIMIT', timeInForce: 'DAY', stopPrice, limitPrice }, 1],
  ] as const);
  const known =
    knows(world, 'OrderType', kind.type) && knows(world, 'TimeInForce', kind.timeInForce);
  return known ? kind : ({ type: 'MARKET', timeInForce: 'DAY' } as const);
}

function sizeOf({ dice }: World, whole: boolean): string {
  if (whole || dice.flip(0.4)) return String(dice.between(1, dice.pick([3, 12, 12, 300])));
  const parts = dice.between(1, 999_999_999);
  return `${dice.between(0, 20)}.${String(parts).padStart(9, '0')}`;
}

export const orderOf = (input: Command['input']): Omit<Command, 'viewer'> => ({
  ...{ context: 'orders', name: 'placeOrder', text: orderText, input },
});

const order = (world: World, input: object): Omit<Command, 'viewer'> =>
  orderOf({ ...input, idempotencyKey: key(world) });

const isWhole = (symbol: string, timeInForce: string): boolean =>
  timeInForce !== 'DAY' || listed.some((one) => one.symbol === symbol && !one.fractionable);

const buy: Maker = (world, { accountId }) => {
  const { symbol } = world.dice.pick(listed);
  const how = terms(world, symbol, 'BUY');
  const quantity = sizeOf(world, isWhole(symbol, how.timeInForce));
  return order(world, { accountId, assetId: symbol, side: 'BUY', quantity, ...how });
};

const buyForAmount: Maker = (world, { accountId }) => {
  const { symbol } = world.dice.pick(listed.filter(({ fractionable }) => fractionable));
  const amount = cents(world.dice.between(100, world.dice.pick([2_000, 90_000, 900_000])));
  const how = { side: 'BUY', type: 'MARKET', timeInForce: 'DAY' };
  return order(world, { accountId, assetId: symbol, amount, ...how });
};

/** What the customer thinks to have, by what the exchange has done for them. */
function positionOf(world: World, accountId: string, symbol: string) {
  const mine = world.exchange
    .fills()
    .filter((fill) => fill.symbol === symbol && world.orders.get(fill.orderId) === accountId);
  return mine.reduce(
    (sum, { side, quantity }) => (side === 'BUY' ? sum.plus(quantity) : sum.minus(quantity)),
    priceOf(0, symbol, world.clock.now()).last.times(0),
  );
}

const sell: Maker = (world, { accountId }) => {
  const all = listed.map(({ symbol }) => ({ symbol, owned: positionOf(world, accountId, symbol) }));
  const some = all.filter(({ owned }) => owned.greaterThan(0));
  if (some.length === 0) return null;
  const { symbol, owned } = world.dice.pick(some);
  const how = terms(world, symbol, 'SELL');
  const part = world.dice.flip(0.4) ? owned : owned.times(world.dice.between(1, 100)).div(100);
  const places = isWhole(symbol, how.timeInForce) ? 0 : 9;
  const quantity = part.toDecimalPlaces(places, 1);
  if (quantity.isZero()) return null;
  const size = { quantity: quantity.toFixed() };
  return order(world, { accountId, assetId: symbol, side: 'SELL', ...size, ...how });
};

const cancel: Maker = (world, { accountId }) => {
  const mine = [...world.orders].filter(([, owner]) => owner === accountId).slice(-2);
  const working = world.exchange.working().filter((id) => world.orders.get(id) === accountId);
  const ids = working.length > 0 && world.dice.flip(0.7) ? working : mine.map(([id]) => id);
  if (ids.length === 0) return null;
  const orderId = world.dice.pick(ids);
  return cancelOf(world, orderId);
};

const cancelOf = (world: World, orderId: string): Omit<Command, 'viewer'> => ({
  ...{ context: 'orders', name: 'cancelOrder', text: cancelText },
  input: { orderId, idempotencyKey: `${key(world)}-${orderId}` },
});

const pay = (kind: 'Deposit' | 'Withdrawal', max: number): Maker => {
  return (world, { accountId }) => ({
    ...{ context: 'accounts', name: `create${kind}`, text: payText(`Create${kind}`) },
    input: {
      ...{ accountId, amount: cents(world.dice.between(1, max)) },
      idempotencyKey: key(world),
    },
  });
};

const invest: Maker = (world, { accountId }) => ({
  ...{ context: 'strategies', name: 'investInStrategy', text: investText },
  input: {
    ...{ accountId, strategyId: world.strategyId, idempotencyKey: key(world) },
    amount: cents(world.dice.between(100, 200_000)),
  },
});

/** The next thing that somebody asks for. */
export function nextCommand(world: World): Command {
  const { dice, people, said } = world;
  const again = [...said.values()].filter(({ answered }) => answered !== 'REFUSED');
  if (again.length > 0 && dice.flip(0.08)) return dice.pick(again).command;
  const person = dice.pick(people);
  const make = dice.weighted<Maker>([
    [buy, 9],
    [buyForAmount, 4],
    [sell, 7],
    [cancel, 7],
    [staffCommand, 2],
    [closing, 0.4],
    [pay('Deposit', 900_000), 2],
    [pay('Withdrawal', 400_000), 2],
    [invest, 1.5],
  ]);
  return { viewer: person.viewer, ...(make(world, person) ?? buy(world, person)) } as Command;
}

import { createChance } from '@simplebank/testkit/chance';
import { type BankClient, UnexpectedAnswer } from '../../../tools/bank/client.ts';
import { type Investor, newInvestor } from '../../e2e/people.ts';

const deposited = '50000.00';
const investorsMax = 6;
const symbols = ['AAPL', 'MSFT', 'ABC', 'DEF'] as const;
/** The others stay tradable, so that a good part of the orders is executed. */
const haltable = ['MSFT', 'DEF'] as const;

type Bank = { readonly web: BankClient; readonly staff: BankClient };
type Write = {
  readonly door: BankClient;
  readonly mutation: string;
  readonly type: string;
  readonly input: object;
};
type Union = { readonly __typename: string; readonly order?: { readonly id: string } };

/** What was written, by kind, and what the bank refused with a reason. */
export type Written = { done: number; refused: number; readonly kinds: Record<string, number> };

export type WritesOptions = {
  readonly seed: number;
  /** Ends when so many have succeeded. */
  readonly writes: number;
  readonly lanes: number;
};

type World = {
  readonly bank: Bank;
  readonly investors: readonly Investor[];
  readonly orders: { readonly door: BankClient; readonly id: string }[];
  readonly chance: () => number;
  nth: number;
};

function drawOrder({ investors, chance }: World, pick: <T>(from: readonly T[]) => T): Write {
  const { door, accountId } = pick(investors);
  const side = chance() < 0.6 ? 'BUY' : 'SELL';
  const price = side === 'BUY' ? '0.01' : '90000.00';
  const terms = chance() < 0.3 ? { type: 'LIMIT', limitPrice: price } : { type: 'MARKET' };
  const wish = { accountId, assetId: pick(symbols), side, quantity: pick(['0.5', '1', '2']) };
  return { door, mutation: 'placeOrder', type: 'PlaceOrder', input: { ...wish, ...terms } };
}

/** What staff changes is what most contexts keep copies of. */
function drawStaff({ bank, investors }: World, pick: <T>(from: readonly T[]) => T): Write {
  const door = bank.staff;
  const reason = 'seen by staff';
  const input = { accountId: pick(investors).accountId, reason };
  return pick<Write>([
    { door, mutation: 'limitAccount', type: 'LimitAccount', input },
    { door, mutation: 'liftLimit', type: 'LiftLimit', input },
    {
      ...{ door, mutation: 'setAssetState', type: 'SetAssetState' },
      input: { assetId: pick(haltable), state: pick(['ACTIVE', 'SELL_ONLY', 'HALTED']), reason },
    },
  ]);
}

function draw(world: World): Write {
  const { investors, orders, chance } = world;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const kind = chance();
  if (kind < 0.25) return drawOrder(world, pick);
  if (kind < 0.7) return drawStaff(world, pick);
  const { door, accountId } = pick(investors);
  if (kind < 0.75 && orders.length > 0) {
    const { door: own, id } = pick(orders);
    return { door: own, mutation: 'cancelOrder', type: 'CancelOrder', input: { orderId: id } };
  }
  if (kind < 0.95) {
    const input = { accountId, amount: pick(['10.00', '25.50']) };
    return { door, mutation: 'createDeposit', type: 'CreateDeposit', input };
  }
  const input = { accountId, amount: '5.00' };
  return { door, mutation: 'createWithdrawal', type: 'CreateWithdrawal', input };
}

async function write(world: World, written: Written): Promise<void> {
  const { door, mutation, type, input } = draw(world);
  world.nth += 1;
  const text = `mutation($input: ${type}Input!) { ${mutation}(input: $input) { __typename
    ${mutation === 'placeOrder' ? '... on PlaceOrderSuccess { order { id } }' : ''} } }`;
  const asked = { input: { ...input, idempotencyKey: `random-${world.nth}` } };
  const { [mutation]: told } = await door.ask<Record<string, Union>>(text, asked);
  if (!told) throw new UnexpectedAnswer(`${mutation} answered nothing`);
  if (!told.__typename.endsWith('Success')) {
    written.refused += 1;
    return;
  }
  written.done += 1;
  written.kinds[mutation] = (written.kinds[mutation] ?? 0) + 1;
  if (told.order) world.orders.push({ door, id: told.order.id });
}

/** Customers and staff who write at random until so many writes have succeeded. */
export async function writeAtRandom(bank: Bank, options: WritesOptions): Promise<Written> {
  const investors: Investor[] = [];
  while (investors.length < investorsMax) investors.push(await newInvestor(bank.web, deposited));
  const written: Written = { done: 0, refused: 0, kinds: {} };
  const world: World = { bank, investors, orders: [], chance: createChance(options.seed), nth: 0 };
  const lane = async () => {
    while (written.done < options.writes) await write(world, written);
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return written;
}

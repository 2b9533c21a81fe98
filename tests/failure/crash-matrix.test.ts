import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderOf } from '../../tools/simulate/commands.ts';
import { closeGrounds, type Grounds, openGrounds } from '../../tools/simulate/grounds.ts';
import { settle } from '../../tools/simulate/people.ts';
import { send } from '../../tools/simulate/play.ts';
import { comeToRest, nothingLeft } from '../../tools/simulate/quiet.ts';
import { reconcile } from '../../tools/simulate/reconcile.ts';
import { chargesAgree } from '../../tools/simulate/reconcile-charges.ts';
import { pump, runJob, trade } from '../../tools/simulate/steps.ts';
import { createTrace } from '../../tools/simulate/trace.ts';
import type { Crash } from '../../tools/simulate/wire.ts';
import { closeWorld, openWorld, type Person, type World } from '../../tools/simulate/world.ts';
import { makePlaces } from '../simulation/places.ts';

/** A quiet Friday noon in New York with one customer. */
const seed = 1;
/** A dead process leaves its orders in a lease of 12 s, and the exchange takes its time. */
const roundsMax = 30;
const roundMs = 2_000;
const depositRounds = 3;
/** With it an order is at the exchange. */
const lastOfPlacement = 'market send-orders';

let grounds: Grounds;
let drop: () => Promise<unknown>;
let world: World;
const random = Math.random;
let nth = 0;

beforeAll(async () => {
  const made = await makePlaces();
  drop = made.drop;
  grounds = await openGrounds(made.places);
  world = await openWorld(seed, grounds, createTrace());
  Math.random = world.dice.chance;
  await settle(world);
  await deposit(customer());
  await buyStock(customer());
}, 120_000);
afterAll(async () => {
  Math.random = random;
  if (world) await closeWorld(world);
  if (grounds) await closeGrounds(grounds);
  await drop?.();
});

type Side = 'BUY' | 'SELL';
/** The n-th step of its kind since the order was asked for, and so many statements in it. */
type Act = { readonly kind: string; readonly nth: number; readonly statements: number };
type Point = Omit<Act, 'statements'> & { readonly crash: Crash };

async function statusOf(id: string): Promise<unknown> {
  const text = `SELECT status FROM "order" WHERE id = '${id}'`;
  return (await grounds.orders.look(`status ${id}`, text))[0]?.['status'];
}

function customer(): Person {
  const [person] = world.people;
  if (!person) throw new Error('nobody is a customer');
  return person;
}

const depositText = `mutation($input: CreateDepositInput!) { createDeposit(input: $input) {
  __typename ... on CreateDepositSuccess { payment { id } }
  ... on CreateDepositRefusal { code } } }`;

/** Enough for every order below. */
async function deposit({ viewer, accountId }: Person): Promise<void> {
  const input = { accountId, amount: '5000.00', idempotencyKey: 'for all crashes' };
  const named = { context: 'accounts', name: 'createDeposit', text: depositText } as const;
  expect(await send(world, { ...named, viewer, input })).toMatchObject({ kind: 'DONE' });
  const { accounts } = world.bank;
  const jobs = accounts.steps().jobs.filter(({ name }) => /payment|notice/.test(name));
  for (let round = 0; round < depositRounds; round += 1) {
    for (const { name } of jobs) await runJob(world, accounts, name);
    world.clock.advance(roundMs);
  }
  await pump(world);
}

const market = { type: 'MARKET', timeInForce: 'DAY', assetId: 'PENNY' };

/** More than what is sold below. */
async function buyStock({ viewer, accountId }: Person): Promise<void> {
  await freshPrices();
  const idempotencyKey = 'for all sales';
  const input = { ...market, side: 'BUY', quantity: '1000', accountId, idempotencyKey };
  const said = await send(world, { viewer, ...orderOf(input) });
  if (said.kind !== 'DONE') throw new Error(`no stock: ${JSON.stringify(said)}`);
  await untilFilled((said.data['order'] as { id: string }).id);
}

/** Asks as an application does: until it is told. */
async function place(side: Side): Promise<string> {
  const person = customer();
  nth += 1;
  const how = { ...market, side, quantity: '1' };
  const input = { ...how, accountId: person.accountId, idempotencyKey: `crash-${nth}` };
  for (;;) {
    const said = await send(world, { viewer: person.viewer, ...orderOf(input) });
    if (said.kind === 'REFUSED') throw new Error(`refused: ${said.code}`);
    if (said.kind === 'DONE') return String((said.data['order'] as { id: string }).id);
  }
}

/** One order from the asking to its fill. */
const wayOf = async (side: Side): Promise<void> => untilFilled(await place(side));

async function untilFilled(id: string): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    await pump(world);
    for (const name of ['send-orders', 'take-reports'])
      await runJob(world, world.bank.market, name);
    trade(world);
    world.clock.advance(roundMs);
    if ((await statusOf(id)) === 'FILLED') return;
  }
  throw new Error(`order ${id} is ${await statusOf(id)} after ${roundsMax} rounds`);
}

async function freshPrices(): Promise<void> {
  await runJob(world, world.bank.market, 'publish-quotes');
  await pump(world);
}

/** Plays an order without a crash and writes down what was done until it was at the exchange. */
async function actsOf(side: Side): Promise<readonly Act[]> {
  const begun: string[] = [];
  const acts: Act[] = [];
  const note = () => {
    const kind = begun.at(-1);
    if (kind === undefined || acts.length === begun.length) return;
    const before = begun.slice(0, -1).filter((one) => one === kind).length;
    acts.push({ kind, nth: before + 1, statements: world.usual.get(kind) ?? 0 });
  };
  world.planned = (kind) => {
    note();
    begun.push(kind);
    return null;
  };
  await wayOf(side);
  note();
  world.planned = null;
  return acts.slice(0, acts.findIndex(({ kind }) => kind === lastOfPlacement) + 1);
}

const pointsOf = (acts: readonly Act[]): readonly Point[] =>
  acts.flatMap(({ statements, ...act }) =>
    Array.from({ length: statements }, (_, at) => at + 1).flatMap((statement) =>
      (['BEFORE', 'AFTER'] as const).map((when) => ({ ...act, crash: { statement, when } })),
    ),
  );

/** The process dies once, there, and begins anew. */
async function crashAt({ kind, nth: occasion, crash }: Point, side: Side): Promise<void> {
  let seen = 0;
  world.planned = (one) => {
    if (one !== kind) return null;
    seen += 1;
    return seen === occasion ? crash : null;
  };
  await wayOf(side);
  world.planned = null;
  expect(seen).toBeGreaterThanOrEqual(occasion);
}

test.each(['BUY', 'SELL'] as const)(
  'a %s survives the death of any process around each statement of its placement',
  async (side) => {
    await freshPrices();
    const acts = await actsOf(side);
    expect(acts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'orders placeOrder',
        'orders takes',
        'market takes',
        lastOfPlacement,
      ]),
    );
    const points = pointsOf(acts);
    for (const point of points) {
      await freshPrices();
      await crashAt(point, side).catch((cause: unknown) => {
        throw new Error(`crash at ${JSON.stringify(point)}`, { cause });
      });
    }
    console.log(`${side}: ${acts.length} steps, ${points.length} crashes`);
    expect(points.length).toBeGreaterThan(50);
  },
);

test('and each order that was accepted was executed once, and all books agree', async () => {
  await comeToRest(world);
  await nothingLeft(world);
  await reconcile(world);
  await chargesAgree(world);
  const crashed = `FROM "order" WHERE idempotency_key LIKE 'crash-%'`;
  const filled = `FILTER (WHERE status = 'FILLED' AND filled_quantity = 1)`;
  const text = `SELECT count(*)::int AS orders, count(*) ${filled}::int AS filled ${crashed}`;
  const [row] = await grounds.orders.look('crashed orders', text);
  const [accepted, completed] = [nth, Number(row?.['filled'])];
  const [lost, doubled] = [accepted - completed, Number(row?.['orders']) - accepted];
  console.log(`crash matrix: ${JSON.stringify({ accepted, completed, lost, doubled, drift: 0 })}`);
  expect({ completed, lost, doubled }).toEqual({ completed: nth, lost: 0, doubled: 0 });
});

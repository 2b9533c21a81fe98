import type { Viewer } from '@simplebank/chassis/auth';
import { ask, type Command, type Said } from './ask.ts';
import { orderOf } from './commands.ts';
import { listed } from './exchange-prices.ts';
import { send } from './play.ts';
import { pump, runJob, trade } from './steps.ts';
import { principal, staff, stranger } from './viewers.ts';
import type { World } from './world.ts';

/** How the world comes to be before anything goes wrong: assets, prices, customers with money. */

/** Must succeed: without it there is nothing to simulate. */
async function must(world: World, command: Command): Promise<Readonly<Record<string, unknown>>> {
  const said: Said = await ask(world, command);
  if (said.kind === 'DONE') return said.data;
  throw new Error(`${command.name} says ${JSON.stringify(said)} before anything went wrong`);
}

export async function settle(world: World): Promise<void> {
  await listAssets(world);
  await makeStrategy(world);
  for (let count = 0; count < world.profile.customers; count += 1) await join(world, count);
  await verify(world);
  await fund(world);
  await stock(world);
}

async function listAssets(world: World): Promise<void> {
  const assets = listed.map(({ symbol, fractionable }) => ({
    ...{ symbol, name: `${symbol} Inc.`, fractionable },
  }));
  const text = `mutation($input: RegisterAssetsInput!) { registerAssets(input: $input) {
    __typename ... on RegisterAssetsSuccess { assets { id symbol } } } }`;
  const input = { assets, reason: 'to be traded' };
  const { assets: made } = await must(world, {
    ...{ context: 'assets', viewer: staff, name: 'registerAssets', text, input },
  });
  for (const { id, symbol } of made as { id: string; symbol: string }[]) {
    world.assets.set(symbol, id);
  }
  await pump(world);
  await publishQuotes(world);
}

async function publishQuotes(world: World): Promise<void> {
  await runJob(world, world.bank.market, 'publish-quotes');
  await pump(world);
}

const strategyName = 'Half and half';

async function makeStrategy(world: World): Promise<void> {
  const share = (symbol: string, percentage: string) => ({
    ...{ assetId: world.assets.get(symbol), percentage },
  });
  const assets = [share('DEAR', '33.33'), share('CHEAP', '41.67'), share('WHOLE', '25.00')];
  const text = `mutation($input: CreateStrategyInput!) { createStrategy(input: $input) {
    __typename ... on CreateStrategySuccess { strategy { id } }
    ... on CreateStrategyRefusal { code message } } }`;
  const input = { name: strategyName, assets, idempotencyKey: 'one' };
  const { strategy } = await must(world, {
    ...{ context: 'strategies', viewer: staff, name: 'createStrategy', text, input },
  });
  world.strategyId = (strategy as { id: string }).id;
}

async function join(world: World, count: number): Promise<void> {
  const email = `customer${count}@example.com`;
  const signUp = { email, password: 'correct horse battery staple', name: 'A Customer' };
  await must(world, {
    ...{ context: 'accounts', viewer: stranger, name: 'signUp', input: signUp },
    text: 'mutation($input: SignUpInput!) { signUp(input: $input) { __typename } }',
  });
  const [row] = await world.grounds.accounts.look(
    `identity ${count}`,
    `SELECT id::text FROM identity WHERE email = '${email}'`,
  );
  const viewer = principal(String(row?.['id']));
  world.people.push({ viewer, accountId: await openAccount(world, viewer) });
}

const profile = {
  ...{ legalName: 'A Customer', dateOfBirth: '1980-02-29', country: 'US' },
  address: { street: '1 Main Street', city: 'Springfield', postalCode: '12345' },
  identityNumber: '123-45-6789',
};

const answered = (name: string, success: string) => `mutation($input: ${name}Input!) {
  ${name[0]?.toLowerCase()}${name.slice(1)}(input: $input) { __typename
  ... on ${name}Success { ${success} } ... on ${name}Refusal { code } } }`;

async function openAccount(world: World, viewer: Viewer): Promise<string> {
  const say = (name: string, text: string, input: object) =>
    must(world, { context: 'accounts', viewer, name, text, input: { ...input } });
  const open = { name: 'Savings', idempotencyKey: 'open' };
  const opened = await say('openAccount', answered('OpenAccount', 'account { id }'), open);
  const { id: accountId } = opened['account'] as { id: string };
  const told = { ...profile, idempotencyKey: 'profile' };
  await say('submitProfile', answered('SubmitProfile', '__typename'), told);
  const submitted = { accountId, idempotencyKey: 'submit' };
  await say('submitAccount', answered('SubmitAccount', '__typename'), submitted);
  return accountId;
}

/** Until the provider of verifications has said yes. */
async function verify(world: World): Promise<void> {
  for (let round = 0; round < payRounds; round += 1) {
    const [open] = await world.grounds.accounts.look(
      'not active',
      `SELECT count(*)::int AS n FROM account WHERE status <> 'ACTIVE'`,
    );
    if (open?.['n'] === 0) return;
    await runJob(world, world.bank.accounts, 'advance-verifications');
    world.clock.advance(verifyMs);
  }
}

const verifyMs = 10_000;
const payRounds = 3;

async function fund(world: World): Promise<void> {
  const { dice } = world;
  for (const { viewer, accountId } of world.people) {
    const units = dice.between(150, dice.pick([700, 9_000, 60_000]));
    const amount = `${units}.${dice.between(10, 99)}`;
    await must(world, {
      ...{ context: 'accounts', viewer, name: 'createDeposit', text: depositText },
      input: { accountId, amount, idempotencyKey: 'first' },
    });
  }
  for (let round = 0; round < payRounds; round += 1) {
    await payments(world);
    world.clock.advance(1_000);
  }
  await pump(world);
}

/** A share or two for everybody, so that there is something to sell from the first order on. */
async function stock(world: World): Promise<void> {
  const { bank, dice } = world;
  for (const { viewer, accountId } of world.people) {
    const how = { side: 'BUY', type: 'MARKET', timeInForce: 'DAY', accountId };
    const quantity = String(dice.between(1, stockMax));
    const input = { ...how, assetId: dice.pick(cheap), quantity, idempotencyKey: 'stock' };
    const said = await send(world, { viewer, ...orderOf(input) });
    if (said.kind !== 'DONE') throw new Error(`nothing can be bought: ${JSON.stringify(said)}`);
  }
  for (let round = 0; round < stockRounds; round += 1) {
    await pump(world);
    for (const name of ['send-orders', 'take-reports']) await runJob(world, bank.market, name);
    const moved = trade(world);
    world.clock.advance(1_000);
    if (round > 0 && moved === 0 && world.exchange.working().length === 0) break;
  }
}

const stockMax = 25;
const stockRounds = 6;
const cheap = ['CHEAP', 'PENNY', 'WHOLE'];

/** The jobs that take payments further, whatever they are called. */
async function payments(world: World): Promise<void> {
  const { accounts } = world.bank;
  const named = accounts.steps().jobs.filter(({ name }) => /payment|notice/.test(name));
  for (const { name } of named) await runJob(world, accounts, name);
}

const depositText = `mutation($input: CreateDepositInput!) { createDeposit(input: $input) {
  __typename ... on CreateDepositSuccess { payment { id } }
  ... on CreateDepositRefusal { code } } }`;

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { accountOpened } from './builders.ts';
import {
  account,
  alice,
  archivedId,
  bob,
  limited,
  otherAccount,
  strategyId,
  subgraph,
  useInvestors,
} from './investors.ts';
import {
  aPlan,
  commandAs,
  footprint,
  planInput,
  planOf,
  refusable,
  runAll,
  storyOf,
  today,
} from './planners.ts';

useInvestors();

const commands = ['PausePlan', 'ResumePlan', 'CancelPlan', 'SkipNextRun', 'ChangePlan'] as const;
type Command = (typeof commands)[number];
const needsKey = new Set<Command>(['SkipNextRun', 'ChangePlan']);
const inputOf = (command: Command, planId: string) => ({
  planId,
  ...(needsKey.has(command) ? { idempotencyKey: randomUUID() } : {}),
  ...(command === 'ChangePlan' ? { amount: '75' } : {}),
});
const run = (command: Command, planId: string, as = alice) =>
  commandAs(as, command, inputOf(command, planId));

test('a plan is made once per key, whatever the number of submissions', async () => {
  const input = planInput({ startDate: '2026-02-07', endDate: '2026-03-01' });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => commandAs(alice, 'CreatePlan', input)),
  );
  expect(new Set(answers.map(({ plan }) => plan.id)).size).toBe(1);
  expect(answers[0]?.plan).toMatchObject({
    ...{ state: 'ACTIVE', startDate: '2026-02-07', endDate: '2026-03-01', interval: 'WEEKLY' },
    // The seventh is a Saturday.
    ...{ funding: 'CASH', nextRunOn: '2026-02-09', amount: { amount: '50.00' } },
    runs: { nodes: [] },
  });
  const other = await commandAs(alice, 'CreatePlan', { ...input, amount: '51' });
  expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
  const plan = await planOf(answers[0]?.plan.number ?? '');
  expect(plan.id).toBe(answers[0]?.plan.id);
  const acts = await subgraph.admin.audit.findMany({ where: { subject: plan.id } });
  expect(acts.map(({ command, actor }) => [command, actor])).toEqual([['createPlan', alice]]);
});

test('a key serves one command, an investment among them', async () => {
  const idempotencyKey = randomUUID();
  const invest = `mutation ($input: InvestInStrategyInput!) { investInStrategy(input: $input) {
    __typename ... on InvestInStrategyRefusal { code } } }`;
  const wish = (key: string) => ({
    input: { strategyId, accountId: account, amount: '10', idempotencyKey: key },
  });
  const asker = subgraph.client.asCustomer(alice);
  await asker.ask(invest, wish(idempotencyKey));
  const before = await footprint();
  expect((await commandAs(alice, 'CreatePlan', planInput({ idempotencyKey }))).code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect(await footprint()).toEqual(before);

  const ofPlan = randomUUID();
  await aPlan({ idempotencyKey: ofPlan, startDate: '2026-03-02' });
  expect(await asker.ask(invest, wish(ofPlan))).toEqual({
    investInStrategy: {
      __typename: 'InvestInStrategyRefusal',
      code: 'IDEMPOTENCY_KEY_REUSED',
    },
  });
});

test.each([
  ['START_IN_PAST', () => ({ startDate: '2026-01-29' })],
  ['START_IN_PAST', () => ({ startDate: '1990-01-29' })],
  ['AMOUNT_BELOW_MINIMUM', () => ({ amount: '0.99' })],
  ['AMOUNT_BELOW_MINIMUM', () => ({ amount: '-50' })],
  ['AMOUNT_PRECISION', () => ({ amount: '10.001' })],
  ['ACCOUNT_STATUS', () => ({ accountId: limited })],
  ['STRATEGY_NOT_ACTIVE', () => ({ strategyId: archivedId })],
])('createPlan refuses %s and leaves nothing behind', async (code, given) => {
  const before = await footprint();
  const answer = await commandAs(alice, 'CreatePlan', planInput(given()));
  expect(answer).toMatchObject({ __typename: 'CreatePlanRefusal', code });
  expect(await footprint()).toEqual(before);
});

test('a plan may start today in New York, even where it is tomorrow already', async () => {
  const { state, nextRunOn } = await aPlan({ startDate: today });
  expect([state, nextRunOn]).toEqual(['ACTIVE', today]);
});

test.each([
  ['input.startDate', { startDate: '2029-06-01' }],
  ['input.endDate', { startDate: '2026-02-02', endDate: '2026-02-01' }],
  ['input.idempotencyKey', { idempotencyKey: '' }],
  ['input.amount', { amount: '1000000000.01' }],
  ['input.accountId', { accountId: 'x' }],
  ['input.strategyId', { strategyId: '-1' }],
])('bad input names its field: %s', async (field, given) => {
  const before = await footprint();
  const asker = subgraph.client.asCustomer(alice);
  const { errors } = await asker.answer(refusable('CreatePlan'), { input: planInput(given) });
  expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
  expect(await footprint()).toEqual(before);
});

test('each state takes the commands of the table and refuses others with PLAN_STATE', async () => {
  const future = { startDate: '2026-06-01' };
  const inState = {
    ACTIVE: async () => (await aPlan(future)).id,
    PAUSED: async () => (await run('PausePlan', await inState.ACTIVE())).plan.id,
    CANCELED: async () => (await run('CancelPlan', await inState.ACTIVE())).plan.id,
    ENDED: async () => {
      const { id } = await aPlan(future);
      await subgraph.admin.$executeRaw`UPDATE plan SET state = 'ENDED' WHERE id = ${id}::uuid`;
      return id;
    },
  };
  const after = {
    ACTIVE: ['PAUSED', null, 'CANCELED', 'ACTIVE', 'ACTIVE'],
    PAUSED: [null, 'ACTIVE', 'CANCELED', null, 'PAUSED'],
    CANCELED: [null, null, null, null, null],
    ENDED: [null, null, null, null, null],
  } as const;
  for (const state of ['ACTIVE', 'PAUSED', 'CANCELED', 'ENDED'] as const) {
    for (const [nth, command] of commands.entries()) {
      const id = await inState[state]();
      const before = await footprint();
      const answer = await run(command, id);
      const expected = after[state][nth] ?? null;
      if (expected === null) {
        expect([command, answer.code]).toEqual([command, 'PLAN_STATE']);
        expect(await footprint()).toEqual(before);
        expect((await planOf(id)).state).toBe(state);
      } else expect([command, answer.plan?.state]).toEqual([command, expected]);
    }
  }
});

test('changePlan refuses an amount as createPlan does', async () => {
  const { id: planId } = await aPlan({ startDate: '2026-06-01' });
  const before = await footprint();
  for (const [amount, code] of [
    ['0.99', 'AMOUNT_BELOW_MINIMUM'],
    ['1.001', 'AMOUNT_PRECISION'],
  ] as const) {
    const input = { planId, amount, idempotencyKey: randomUUID() };
    expect((await commandAs(alice, 'ChangePlan', input)).code).toBe(code);
  }
  expect(await footprint()).toEqual(before);
});

test('skipNextRun skips one run per key, and a repeated key none', async () => {
  const { id: planId } = await aPlan({ startDate: '2026-02-02' });
  const input = { planId, idempotencyKey: randomUUID() };
  const skips = await Promise.all([1, 2, 3].map(() => commandAs(alice, 'SkipNextRun', input)));
  expect(skips.map(({ plan }) => plan.nextRunOn)).toEqual(Array(3).fill('2026-02-09'));
  expect(await storyOf(planId)).toEqual(['2026-02-02 SKIPPED SKIPPED_BY_CUSTOMER']);
  const other = { planId: (await aPlan({ startDate: '2026-02-02' })).id };
  const reused = await commandAs(alice, 'SkipNextRun', { ...input, ...other });
  expect(reused.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a repeated key of any command on a plan has one effect and one answer', async () => {
  const { id: planId } = await aPlan({ startDate: '2026-02-02' });
  for (const command of commands) {
    const input = { ...inputOf(command, planId), idempotencyKey: randomUUID() };
    if (command === 'ResumePlan') await run('PausePlan', planId);
    const first = await commandAs(alice, command, input);
    if (command === 'CancelPlan') break;
    const before = await footprint();
    expect((await commandAs(alice, command, input)).plan).toEqual(first.plan);
    expect(await footprint()).toEqual(before);
    if (command === 'PausePlan') await run('ResumePlan', planId);
  }
});

test('a plan of another customer does not exist; joint owners and staff see it', async () => {
  const { id } = await aPlan({ startDate: '2026-06-01' });
  expect(await planOf(id, bob)).toBeNull();
  const asBob = subgraph.client.asCustomer(bob);
  for (const command of commands) {
    const { errors } = await asBob.answer(refusable(command), { input: inputOf(command, id) });
    expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.planId' });
  }
  const foreign = { input: planInput() };
  const { errors } = await asBob.answer(refusable('CreatePlan'), foreign);
  expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.accountId' });

  const joint = await aPlan({ accountId: otherAccount, startDate: '2026-06-01' });
  expect((await run('PausePlan', joint.id, bob)).plan.state).toBe('PAUSED');
  const staff = subgraph.client.asStaff('support');
  const query = 'query ($id: ID!) { plan(id: $id) { id } }';
  expect(await staff.ask(query, { id })).toEqual({ plan: { id } });
  const { errors: refused } = await staff.answer(refusable('PausePlan'), { input: { planId: id } });
  expect(refused[0]?.extensions?.['code']).toBe('NOT_FOUND');
  const anonymous = await subgraph.client.anonymous().answer(query, { id });
  expect(anonymous.errors[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
});

test('pages of an account’s plans and of a plan’s runs follow each other without gap', async () => {
  const accountId = randomUUID();
  await subgraph.worker.applyBatch([accountOpened(accountId, { ownerIds: [alice] })]);
  const plans = [];
  for (let nth = 0; nth < 3; nth += 1) plans.push(await aPlan({ accountId, startDate: today }));
  for (let week = 0; week < 3; week += 1) {
    await runAll();
    subgraph.clock.advance(7 * 86_400_000);
  }
  await runAll();
  const query = `query ($representations: [_Any!]!, $first: Int, $plan: String, $run: String) {
    _entities(representations: $representations) { ... on Account {
      plans(first: $first, after: $plan) {
        nodes { id runs(first: 2, after: $run) { nodes { period } pageInfo { endCursor } } }
        pageInfo { hasNextPage endCursor } } } } }`;
  type Page = { readonly hasNextPage: boolean; readonly endCursor: string };
  type Seen = {
    readonly _entities: readonly {
      readonly plans: {
        readonly nodes: readonly {
          readonly id: string;
          readonly runs: { readonly nodes: { period: string }[]; readonly pageInfo: Page };
        }[];
        readonly pageInfo: Page;
      };
    }[];
  };
  const representations = [{ __typename: 'Account', id: accountId }];
  const ask = async (given: object, as = alice) => {
    const variables = { representations, ...given };
    return (await subgraph.client.asCustomer(as).ask<Seen>(query, variables))._entities[0]?.plans;
  };
  const one = await ask({ first: 2 });
  const two = await ask({ first: 2, plan: one?.pageInfo.endCursor });
  expect([one, two].flatMap((page) => page?.nodes.map(({ id }) => id))).toEqual(
    plans.map(({ id }) => id).toReversed(),
  );
  expect([one?.pageInfo.hasNextPage, two?.pageInfo.hasNextPage]).toEqual([true, false]);
  const runs = one?.nodes[0]?.runs;
  expect(runs?.nodes.map(({ period }) => period)).toEqual(['2026-02-20', '2026-02-13']);
  const rest = await ask({ first: 1, run: runs?.pageInfo.endCursor });
  expect(rest?.nodes[0]?.runs.nodes.map(({ period }) => period)).toEqual([
    '2026-02-06',
    '2026-01-30',
  ]);
  expect((await ask({ first: 5 }, bob))?.nodes).toEqual([]);
});

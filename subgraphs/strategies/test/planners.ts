import { randomUUID } from 'node:crypto';
import { runPlans } from '../src/plans/commands/run-plans.ts';
import { account, alice, eventsAbout, strategyId, subgraph } from './investors.ts';

/** Friday, at noon in New York, when every test of a plan begins. */
export const today = '2026-01-30';

const fields = `id number state startDate endDate interval funding nextRunOn amount { amount }
  runs(first: 100) { nodes { id period dueOn state reason amount { amount } paymentId
    strategyOrder { id status } endedAt } }`;
export const refusable = (name: string) => `mutation ($input: ${name}Input!) {
  answer: ${name[0]?.toLowerCase()}${name.slice(1)}(input: $input) {
    __typename
    ... on ${name}Success { plan { ${fields} } }
    ... on ${name}Refusal { code message }
  }
}`;

export type Run = {
  readonly id: string;
  readonly period: string;
  readonly dueOn: string;
  readonly state: string;
  readonly reason: string | null;
  readonly paymentId: string | null;
  readonly strategyOrder: { readonly id: string; readonly status: string } | null;
};
export type Plan = {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly nextRunOn: string | null;
  readonly amount: { readonly amount: string };
  readonly runs: { readonly nodes: readonly Run[] };
};
export type Answer = {
  readonly __typename: string;
  readonly code?: string;
  readonly plan: Plan;
};

export const planInput = (given: object = {}) => ({
  ...{ accountId: account, strategyId, amount: '50.00', interval: 'WEEKLY', startDate: today },
  ...{ funding: 'CASH', idempotencyKey: randomUUID() },
  ...given,
});

export async function commandAs(customerId: string, name: string, input: object): Promise<Answer> {
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ answer: Answer }>(refusable(name), { input })).answer;
}

/** Alice's, of cash, weekly from today unless told otherwise. */
export const aPlan = async (given: object = {}): Promise<Plan> =>
  (await commandAs(alice, 'CreatePlan', planInput(given))).plan;

export async function planOf(id: string, customerId = alice): Promise<Plan> {
  const query = `query ($id: ID!) { plan(id: $id) { ${fields} } }`;
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ plan: Plan }>(query, { id })).plan;
}

/** Runs of the plan as `period state reason`, oldest first. */
export const storyOf = async (id: string): Promise<string[]> =>
  (await planOf(id)).runs.nodes
    .map(({ period, state, reason }) => [period, state, reason].filter(Boolean).join(' '))
    .toReversed();

/** What the schedulers do until there is nothing left to do. */
export async function runAll(): Promise<void> {
  await runPlans(subgraph.deps);
  await runPlans(subgraph.deps);
}

export const typesAbout = async (id: string) =>
  (await eventsAbout(id)).map(({ type }) => type.replace(/^strategies\.|\.v1$/g, ''));

/** Everything that a refused command must leave as it was. */
export const footprint = () => {
  const { plan, planRun, election, audit, outboxEvent, commandKey } = subgraph.admin;
  return Promise.all([
    ...[plan.count(), planRun.count(), election.count()],
    ...[audit.count(), outboxEvent.count(), commandKey.count()],
  ]);
};

/** Noon in New York, in winter. */
export const noonOf = (date: string) => new Date(`${date}T17:00:00.000Z`);

export async function newestRun(planId: string): Promise<Run> {
  const [run] = (await planOf(planId)).runs.nodes;
  if (!run) throw new Error(`plan ${planId} has no run`);
  return run;
}

import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { metrics } from '@simplebank/chassis/metrics';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Steps } from '@simplebank/chassis/steps';
import { loadConfig } from '@simplebank/orders/config';
import { openSteps } from '@simplebank/orders/simulation';
import { createTestAssertions } from '@simplebank/testkit/client';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useBank } from '../../subgraphs/orders/test/bank.ts';
import {
  fundsHeld,
  fundsRefused,
  place,
  prepare,
  read,
} from '../../subgraphs/orders/test/story.ts';
import { runOrders } from '../../tools/orders/run.ts';
import { createOperatedBank, type OperatedBank } from '../events/support/operated.ts';

const bank = useBank();
const queues = createRecordingQueues();
let others: OperatedBank;
let steps: Steps;

beforeAll(async () => {
  others = await createOperatedBank();
  await prepare(bank);
  const log = createLogger({ service: 'orders', destination: { write: () => {} } });
  const config = loadConfig({
    ORDERS_DATABASE_URL: bank.adminUrl,
    ASSERTION_PUBLIC_KEYS: (await createTestAssertions()).publicKeys,
  });
  const clock = { now: () => bank.clock.at };
  const shared = createMemoryShared({ log });
  steps = await openSteps(config, { clock, newId: randomUUID, log, queues, shared });
}, 60_000);
afterAll(async () => {
  await steps?.close();
  await others?.drop();
});

async function orders(...args: readonly string[]) {
  const said: string[] = [];
  const env = { ...others.env, ORDERS_DATABASE_URL: bank.adminUrl };
  const hear = (line: string) => void said.push(line);
  const clock = { now: () => bank.clock.at };
  const code = await runOrders({ args, env }, { say: hear, complain: hear }, clock);
  return { code, said: said.join('\n') };
}

const pass = (seconds: number) => {
  bank.clock.at = new Date(bank.clock.at.getTime() + seconds * 1_000);
};
/** As its job does it. */
async function alertedStuck(): Promise<string> {
  await steps.jobs.find(({ name }) => name === 'report-stuck-orders')?.run();
  const text = await metrics.getSingleMetricAsString('simplebank_stuck_processes');
  return /process="order".* (\d+)$/m.exec(text)?.[1] ?? 'unknown';
}
const endsTold = async (timeliness: string): Promise<number> => {
  const text = await metrics.getSingleMetricAsString('simplebank_process_ends_total');
  return Number(new RegExp(`timeliness="${timeliness}".* (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
};
/** The answer of accounts arrived, and failed until nobody tried it any more. */
async function parkDead(answer: { readonly eventId: string; readonly body: string }, id: string) {
  await bank.app.deps.db.parkedEvent.create({
    data: {
      ...{ consumer: 'orders', eventId: answer.eventId, type: 'accounts.funds-held.v1' },
      ...{ aggregateId: id, body: answer.body, state: 'DEAD', attempts: 8, error: 'Error: a bug' },
      nextAttemptAt: new Date(),
    },
  });
}

test('a withheld answer makes a stuck process: told, listed, and resumed by hand', async () => {
  const id = await place(bank);
  await steps.relay.drain();
  await parkDead(fundsHeld(id), id);
  pass(119);
  expect([await alertedStuck(), (await orders('stuck')).said]).toEqual(['0', '0 stuck']);
  pass(2);
  expect(await alertedStuck()).toBe('1');
  const listed = JSON.parse((await orders('stuck', '--json')).said);
  expect(listed).toMatchObject([{ process: 'order', id, step: 'HOLD', attempts: 0 }]);

  const sent = queues.sentTo('accounts').length;
  const resumed = await orders('resume', id, '--reason', 'the bug is mended', '--by', 'ann');
  const told = `Order ${id} goes on: 1 events go out again, 1 parked ones are tried again.`;
  expect(resumed).toEqual({ code: 0, said: told });
  await steps.relay.drain();
  expect(queues.sentTo('accounts').length).toBe(sent + 1);
  await steps.retryDue();
  expect((await read(bank, id))?.status).toBe('OPEN');
  expect(await alertedStuck()).toBe('0');

  const actions = await bank.app.deps.db.operatorAction.findMany({ orderBy: { id: 'asc' } });
  const who = { actor: 'ann', reason: 'the bug is mended' };
  expect(actions).toMatchObject([
    { ...who, command: 'resume', subject: `order ${id}`, detail: { step: 'HOLD', attempts: 1 } },
    { ...who, command: 'say-again', subject: `aggregate ${id}`, detail: { events: 1 } },
    { ...who, command: 'requeue' },
  ]);
});

test('an end counts as late once its deadline has passed, helped by hand or not', async () => {
  const before = { late: await endsTold('late'), inTime: await endsTold('in_time') };
  const [quick, slow] = [await place(bank), await place(bank)];
  await steps.applyBatch([fundsRefused(quick).body]);
  pass(121);
  expect((await orders('resume', slow, '--reason', 'look again')).code).toBe(0);
  await steps.applyBatch([fundsRefused(slow).body]);
  const after = { late: await endsTold('late'), inTime: await endsTold('in_time') };
  expect(after).toEqual({ late: before.late + 1, inTime: before.inTime + 1 });
});

test('an order that is not stuck is not resumed, and nothing is recorded', async () => {
  const id = await place(bank);
  const actions = await bank.app.deps.db.operatorAction.count();
  const answers = [
    await orders('resume', id, '--reason', 'x'),
    await orders('resume', randomUUID(), '--reason', 'x'),
    await orders('resume', '17', '--reason', 'x'),
    await orders('resume', id),
  ];
  expect(answers.map(({ code, said }) => [code, said.split('\n')[0]])).toEqual([
    [1, `Order ${id} is not stuck.`],
    [1, expect.stringContaining('is not stuck')],
    [1, '17 is no order id.'],
    [2, '--reason is missing.'],
  ]);
  expect(await bank.app.deps.db.operatorAction.count()).toBe(actions);
});

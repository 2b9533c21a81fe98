import { createLogger } from '@simplebank/chassis/logging';
import type { Part } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { web } from '../../gateways/web/src/app.ts';
import { type BankClient, bankClient, waitFor } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
beforeAll(async () => {
  bank = await startWholeBank();
}, 60_000);
afterAll(() => bank?.close());

const password = 'a-long-enough-secret';
const legalName = 'Ina Investor';

/** A new customer of this address, signed in, with an account that holds some money. */
async function anInvestor(email: string) {
  await signUp(bank.web, { email, password, name: legalName });
  const door = await signIn(bank.web, { email, password });
  const { id } = await openActiveAccount(door, { legalName, name: 'Main', key: 'open' });
  await deposit(door, { accountId: id, amount: '20000.00', key: 'deposit' });
  return { door, accountId: id };
}

type Mail = { readonly to: readonly string[]; readonly subject: string };
const mailsTo = async (address: string): Promise<readonly string[]> => {
  const mails: Mail[] = await (await fetch(`${bank.urls['mail']}/mail.json`)).json();
  return mails.filter(({ to }) => to.includes(address)).map(({ subject }) => subject);
};

type Told = {
  readonly notifications: { readonly nodes: readonly { readonly title: string }[] };
  readonly unreadCount: number;
};
const told = async (door: BankClient): Promise<readonly string[]> => {
  const asked = '{ notifications(unreadOnly: true) { nodes { title } } unreadCount }';
  const { notifications, unreadCount } = await door.ask<Told>(asked);
  expect(notifications.nodes).toHaveLength(unreadCount);
  return notifications.nodes.map(({ title }) => title);
};

test('orders complete and customers are told while a mail server hangs on mails', async () => {
  const hanging = 'ina+hang@example.com';
  const { door, accountId } = await anInvestor(hanging);
  const orders = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      placeOrder(door, {
        ...{ accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '0.5' },
        idempotencyKey: `order-${index}`,
      }),
    ),
  );
  const ends = await Promise.all(orders.map(({ id }) => orderEnds(door, { id })));
  expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'FILLED'));
  const titles = await waitFor('all news in the application', async () => {
    const all = await told(door);
    return all.filter((title) => title.startsWith('Your purchase')).length === 8 ? all : null;
  });
  expect(titles).toEqual(expect.arrayContaining(['Your deposit has arrived', 'You signed in']));
  expect(await mailsTo(hanging)).toEqual([]);
}, 60_000);

test('staff sees what went out and what still waits', async () => {
  const { door } = await anInvestor('ada@example.com');
  await waitFor('the mail of the deposit', async () =>
    (await mailsTo('ada@example.com')).includes('Your deposit has arrived') ? true : null,
  );
  type Me = { readonly me: { readonly id: string } };
  const { me } = await door.ask<Me>('{ me { id } }');
  const log = `query ($filter: DeliveryFilter) { deliveries(filter: $filter) {
    nodes { template state attempts } } }`;
  type Log = { readonly deliveries: { readonly nodes: readonly object[] } };
  await waitFor('the record of it', async () => {
    const filter = { customerId: me.id, channel: 'EMAIL', kind: 'PAYMENT' };
    const { deliveries } = await bank.staff.ask<Log>(log, { filter });
    const [node] = deliveries.nodes;
    return JSON.stringify(node).includes('SENT') ? node : null;
  });
  await expect(door.ask('{ deliveries { nodes { id } } }')).rejects.toThrow();
}, 60_000);

test('without notifications their fields are null, and the rest is answered', async () => {
  const { door, accountId } = await anInvestor('bea@example.com');
  const env = { ...bank.env, ...urlsOf(bank), NOTIFICATIONS_URL: 'http://127.0.0.1:1' };
  const log = createLogger({ service: 'test', destination: { write: () => undefined } });
  const newId = () => crypto.randomUUID();
  const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log }) };
  const runtime = { clock: systemClock, newId, log, ...outside };
  const parts: readonly Part[] = await web.build(web.loadConfig(env), runtime);
  for (const part of parts) await part.start();
  try {
    const url = parts.flatMap((part) => ('url' in part ? [String(part.url)] : []))[0];
    const gate = bankClient(`${url}/graphql`);
    const { headers } = await signIn(gate, { email: 'bea@example.com', password });
    const asked = '{ unreadCount notifications { nodes { id } } accounts { id } }';
    const answer = await fetch(gate.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: asked }),
    });
    const { data, errors } = await answer.json();
    expect(data).toEqual({ unreadCount: null, notifications: null, accounts: [{ id: accountId }] });
    const codes = errors.map((error: { extensions: { code: string } }) => error.extensions.code);
    expect(new Set(codes)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    await waitFor('the news at the gateway that reaches notifications', async () =>
      (await told(door)).includes('Your deposit has arrived') ? true : null,
    );
  } finally {
    for (const part of parts.toReversed()) await part.close();
  }
}, 60_000);

const urlsOf = ({ urls }: WholeBank) =>
  Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]));

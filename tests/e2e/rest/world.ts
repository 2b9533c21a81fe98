import { type BankClient, bankClient, waitFor } from '../../../tools/bank/client.ts';
import { deposit } from '../../../tools/bank/customer.ts';
import { orderEnds, placeOrder } from '../../../tools/bank/trading.ts';
import { signInStaff } from '../../../tools/seed/staff.ts';
import { strategiesHeard } from '../bank/heard.ts';
import { newInvestor } from '../people.ts';
import { startWholeBank, type WholeBank } from '../whole-bank.ts';
import type { Seen } from './document.ts';

type Caller = 'ina' | 'stranger' | 'staff' | 'nobody' | 'forged';
export type Call = {
  readonly method?: string;
  readonly path: string;
  readonly who?: Caller;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A customer with shares and a deposit, a stranger, staff at the web gateway, and a strategy. */
export type RestWorld = {
  readonly bank: WholeBank;
  readonly base: string;
  readonly ina: Person;
  readonly stranger: Person;
  readonly strategy: { readonly id: number; readonly uuid: string };
  readonly payment: string;
  readonly call: (call: Call) => Promise<Seen & { readonly body: unknown }>;
  readonly close: () => Promise<void>;
};
type Person = {
  readonly door: BankClient;
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly account: string;
  readonly credentials: { readonly email: string; readonly password: string };
};

async function personOf(web: BankClient, amount: string): Promise<Person> {
  const { door, accountId, credentials } = await newInvestor(web, amount);
  type Me = {
    readonly me: { readonly id: string; readonly number: string };
    readonly accounts: readonly { readonly number: string }[];
  };
  const { me, accounts } = await door.ask<Me>('{ me { id number } accounts { number } }');
  return { door, ...me, accountId, credentials, account: accounts[0]?.number ?? '' };
}

/** Buys and waits until the shares are there to be seen and sold. */
async function buy({ door, accountId }: Person): Promise<void> {
  const wish = { accountId, assetId: 'AAPL', side: 'BUY', type: 'MARKET' } as const;
  const { id } = await placeOrder(door, { ...wish, quantity: '3', idempotencyKey: 'buy' });
  await orderEnds(door, { id });
  await waitFor('the shares in holdings', async () => {
    type Seen = { readonly holdings: readonly { quantity: string; value: object | null }[] };
    const { holdings } = await door.ask<Seen>('{ holdings { quantity value { amount } } }');
    return holdings[0]?.quantity === '3' && holdings[0].value ? true : null;
  });
}

const createText = `mutation($input: CreateStrategyInput!) { createStrategy(input: $input) {
  ... on CreateStrategySuccess { strategy { id number } } } }`;

async function aStrategy(staff: BankClient) {
  const assets = [
    { assetId: 'ABC', percentage: '60.00' },
    { assetId: 'CASH', percentage: '40.00' },
  ];
  const input = { name: 'Sixty', assets, idempotencyKey: 'sixty' };
  type Created = { createStrategy: { strategy: { id: string; number: string } } };
  const { strategy } = (await staff.ask<Created>(createText, { input })).createStrategy;
  return { id: Number(strategy.number), uuid: strategy.id };
}

export const originOf = ({ url }: BankClient) => url.replace('/graphql', '');

/** Calls one gateway as these callers; a `path` without its version. */
export const callerOf =
  (base: string, headersOf: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  async ({ method = 'GET', path, who = 'ina', body, headers }: Call) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...headersOf[who],
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const read: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, text, body: read };
  };

/** The bank with what the REST calls are about. */
export async function openRestWorld(): Promise<RestWorld> {
  const bank = await startWholeBank();
  const [ina, stranger, staff] = await Promise.all([
    personOf(bank.web, '5000.00'),
    personOf(bank.web, '50.00'),
    signInStaff(bank.web),
  ]);
  const [, strategy, payment] = await Promise.all([
    buy(ina),
    aStrategy(staff),
    deposit(ina.door, { accountId: ina.accountId, amount: '250.00', key: 'for-the-strategy' }),
  ]);
  await strategiesHeard(bank, { table: 'payment', id: payment });
  await strategiesHeard(bank, { table: 'account', id: ina.accountId });
  const base = originOf(bankClient(bank.urls['web'] ?? ''));
  const headersOf = {
    ina: ina.door.headers,
    stranger: stranger.door.headers,
    staff: staff.headers,
    nobody: {},
    forged: { authorization: `${ina.door.headers['authorization']}x` },
  };
  const call = callerOf(base, headersOf);
  return { bank, base, ina, stranger, strategy, payment, call, close: bank.close };
}

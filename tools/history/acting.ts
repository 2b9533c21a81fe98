import type { Viewer } from '@simplebank/chassis/auth';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Act, ActOf, OwnersAct } from './acts.ts';
import { type Cast, joinBank, type Registered } from './cast.ts';
import type { Named } from './listing.ts';
import type { Asking, Past } from './past.ts';
import type { Prices } from './quoting.ts';
import { texts } from './texts.ts';

export type Scene = {
  readonly past: Past;
  readonly staff: Viewer;
  readonly registered: Registered;
  readonly strategies: Named;
  /** What is traded. */
  readonly symbols: readonly string[];
  readonly prices: Prices;
};

/** Who has joined, and how many shares of what each account has bought. */
export type Book = { readonly owners: Map<string, Owner>; readonly held: Map<string, Decimal> };
type Owner = Cast['owners'] extends ReadonlyMap<string, infer One> ? One : never;
export type Day = Book & { readonly at: Date };

type Sending = { readonly act: Act; readonly date: string; readonly day: Day };

/** Does what somebody did. */
export async function send(scene: Scene, { act, date, day }: Sending): Promise<unknown> {
  const { past, registered, staff } = scene;
  if (act.kind === 'JOIN') {
    const accounts = await joinBank(past, act.person, registered);
    for (const [name, owner] of accounts) day.owners.set(name, owner);
    return undefined;
  }
  if (act.kind === 'DIVIDEND') {
    const { symbol, kind: _, ...terms } = act;
    const key = { reason: 'demo bank', idempotencyKey: `${date} ${symbol}` };
    const input = { ...terms, ...key, assetId: symbol };
    return past.ask({ context: 'assets', viewer: staff, text: texts.announceDividend, input });
  }
  const owner = day.owners.get(act.account);
  if (!owner) throw new Error(`nobody has an account ${act.account}`);
  const said = [date, act.account, act.kind, 'symbol' in act ? act.symbol : ''].join(' ').trim();
  const { context, text, input } = askedBy(scene, act, day);
  const whole = { accountId: owner.accountId, idempotencyKey: said, ...input };
  return past.ask({ context, viewer: owner.viewer, text, input: whole });
}

type Asked = Omit<Asking, 'viewer'>;

const order = (side: 'BUY' | 'SELL', assetId: string, size: object): Asked => ({
  ...{ context: 'orders', text: texts.placeOrder },
  input: { assetId, side, type: 'MARKET', ...size },
});

function askedBy(scene: Scene, act: OwnersAct, day: Day): Asked {
  switch (act.kind) {
    case 'DEPOSIT':
      return { context: 'accounts', text: texts.createDeposit, input: { amount: act.amount } };
    case 'WITHDRAW':
      return { context: 'accounts', text: texts.createWithdrawal, input: { amount: act.amount } };
    case 'INVEST':
    case 'ELECT':
    case 'PLAN':
      return followed(scene, act);
    case 'SPEND':
      return order('BUY', act.symbol, { amount: act.amount });
    case 'BUY': {
      const price = scene.prices.at(act.symbol, day.at);
      return order('BUY', act.symbol, { quantity: bought(act, price, day) });
    }
    case 'SELL':
      return order('SELL', act.symbol, { quantity: sold(act, day) });
    default:
      return act satisfies never;
  }
}

function followed({ strategies }: Scene, act: ActOf<'INVEST'> | ActOf<'ELECT'> | ActOf<'PLAN'>) {
  const strategyId = strategies.get(act.strategy);
  const context = 'strategies' as const;
  if (act.kind === 'ELECT') return { context, text: texts.electStrategy, input: { strategyId } };
  const { amount } = act;
  if (act.kind === 'INVEST') {
    return { context, text: texts.investInStrategy, input: { strategyId, amount } };
  }
  const rhythm = { interval: 'MONTHLY', startDate: act.startDate };
  return { context, text: texts.createPlan, input: { strategyId, amount, ...rhythm } };
}

const nameOf = ({ account, symbol }: ActOf<'BUY'> | ActOf<'SELL'>): string =>
  `${account}/${symbol}`;

/** In halves of a share, at least one half. */
function bought(act: ActOf<'BUY'>, price: Decimal, { held }: Book): string {
  const halves = Decimal.max(1, new Decimal(act.about).times(2).div(price).floor());
  const quantity = halves.div(2);
  held.set(nameOf(act), (held.get(nameOf(act)) ?? new Decimal(0)).plus(quantity));
  return quantity.toFixed();
}

function sold(act: ActOf<'SELL'>, { held }: Book): string {
  const all = held.get(nameOf(act)) ?? new Decimal(0);
  const quantity = act.percent === 100 ? all : all.times(act.percent).div(100).toDecimalPlaces(1);
  held.set(nameOf(act), all.minus(quantity));
  return quantity.toFixed();
}

import type { AccountMoney } from '@simplebank/accounts/reconcile';
import type { DueDividend, HeldShares, ReckonedCash } from '@simplebank/holdings/reconcile';
import { Decimal, sum } from '@simplebank/kernel/decimal';
import type { AccountShares, AccountTrades } from '@simplebank/orders/reconcile';
import { type Finding, nothing } from './finding.ts';

/** What three contexts know of one account. */
export type AccountFacts = {
  readonly accountId: string;
  readonly money: AccountMoney | null;
  readonly trades: AccountTrades | null;
  /** What executions cost that accounts has left to staff, or booked to the house. */
  readonly unpaid: readonly string[];
  readonly bought: readonly AccountShares[];
  readonly held: readonly HeldShares[];
  /** What holdings values the account with. */
  readonly reckoned: ReckonedCash | null;
  /** What the account is due of dividends: as holdings says, and as accounts was told. */
  readonly due: readonly DueDividend[];
  readonly told: readonly DueDividend[];
};

const decimal = (text: string | undefined): Decimal => new Decimal(text ?? 0);

/** Cash − debt = payments − net buys − fees + dividends + what staff booked. */
function cashFindings({ accountId, money, trades, unpaid }: AccountFacts): Finding[] {
  const spent = decimal(trades?.spent).minus(sum(unpaid.map(decimal)));
  const given = sum([money?.paid, money?.dividends, money?.other].map(decimal));
  const expected = given.minus(spent);
  if (expected.equals(decimal(money?.net))) return [];
  return [
    {
      law: 'cash = payments − net buys − fees + dividends',
      context: 'accounts',
      accountId,
      subject: 'cash',
      expected: expected.toFixed(),
      actual: decimal(money?.net).toFixed(),
      look: { kind: 'account', id: accountId },
      explanation: null,
    },
  ];
}

/** What holdings reckons from facts is what the ledger has, less what is owed. */
function copyFindings({ accountId, money, reckoned }: AccountFacts): Finding[] {
  const [expected, actual] = [decimal(money?.net), decimal(reckoned?.cash)];
  if (expected.equals(actual)) return [];
  return [
    {
      law: 'cash reckoned by holdings = ledger',
      context: 'holdings',
      accountId,
      subject: 'cash',
      expected: expected.toFixed(),
      actual: actual.toFixed(),
      look: { kind: 'account', id: accountId },
      explanation: null,
    },
  ];
}

/** Positions = fills through splits; what late sales lacked is the house's (domain §3.6). */
function shareFindings({ accountId, bought, held }: AccountFacts): Finding[] {
  const assets = [...new Set([...bought, ...held].map(({ assetId }) => assetId))].sort();
  return assets.flatMap((assetId): Finding[] => {
    const fills = decimal(bought.find((one) => one.assetId === assetId)?.quantity);
    const position = held.find((one) => one.assetId === assetId);
    const expected = fills.plus(decimal(position?.missing)).plus(decimal(position?.split));
    const actual = decimal(position?.quantity);
    if (expected.equals(actual)) return [];
    return [
      {
        law: 'positions = fills × splits',
        context: 'holdings',
        accountId,
        subject: `asset ${assetId}`,
        expected: expected.toFixed(),
        actual: actual.toFixed(),
        look: { kind: 'account', id: accountId },
        explanation: null,
      },
    ];
  });
}

/** Accounts pays what holdings says is due. */
function dividendFindings({ accountId, due, told }: AccountFacts): Finding[] {
  const actions = [...new Set([...due, ...told].map(({ actionId }) => actionId))].sort();
  return actions.flatMap((actionId): Finding[] => {
    const amountIn = (list: readonly DueDividend[]) =>
      list.find((one) => one.actionId === actionId)?.amount ?? nothing;
    const [expected, actual] = [amountIn(due), amountIn(told)];
    if (expected === actual) return [];
    return [
      {
        law: 'accounts know every dividend due',
        context: 'accounts',
        accountId,
        subject: `dividend ${actionId}`,
        ...{ expected, actual, look: { kind: 'account', id: accountId } },
        explanation: { from: 'holdings', to: 'accounts', aggregateId: `${actionId}:${accountId}` },
      },
    ];
  });
}

/** Differences between what the contexts say about one account (domain §2.5 rule 11). */
export const accountFindings = (facts: AccountFacts): readonly Finding[] => [
  ...cashFindings(facts),
  ...copyFindings(facts),
  ...shareFindings(facts),
  ...dividendFindings(facts),
];

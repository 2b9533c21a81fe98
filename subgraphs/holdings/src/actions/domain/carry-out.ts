import { type Decimal, sum, zero } from '@simplebank/kernel/decimal';
import type { KeptSale } from '../../domain/book.ts';
import type { Lot } from '../../domain/lot.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { cutAmounts } from '../../domain/sale.ts';
import { type Action, isSplit } from './action.ts';
import { type ArrivedSale, admitSales, followed } from './admission.ts';
import { newOutcomes, type Outcome, type Told } from './outcome.ts';
import { type Rewritten, rewritten } from './rematched.ts';
import { replay, type SplitDone, shortfalls, type Trade, tradeKey } from './replay.ts';

/** What is kept of a position with actions, and what has come to it. */
export type Dossier = {
  readonly accountId: string;
  readonly actions: readonly Action[];
  /** Booked before. */
  readonly trades: readonly Trade[];
  readonly buys: readonly Trade[];
  readonly sales: readonly ArrivedSale[];
  readonly lots: readonly Lot[];
  readonly kept: readonly KeptSale[];
  readonly reservations: readonly Reservation[];
  readonly outcomes: readonly Outcome[];
};

/** Shares that a sale took and the customer did not have: the house's (domain §3.6). */
export type Lack = {
  readonly trade: Trade;
  readonly quantity: Decimal;
  readonly value: Decimal;
  readonly fee: Decimal;
};

export type CarriedOut = Rewritten & {
  readonly held: Decimal;
  readonly cost: Decimal;
  readonly reservations: readonly Reservation[];
  readonly splits: readonly SplitDone[];
  readonly lotIds: readonly string[];
  readonly told: readonly Told[];
  readonly lacking: readonly Lack[];
};

/**
 * A position as its actions and all its trades make it. Null when a sale's shares are not here yet.
 * `newId` names the lots of buys that had none.
 */
export function carryOut(dossier: Dossier, newId: () => string): CarriedOut | null {
  const splits = dossier.actions.filter(isSplit);
  const before = [...dossier.trades, ...dossier.buys];
  // What was sold on the old basis because a split was told late can be more than there was.
  const base = withoutLacking(before, shortfalls({ trades: before, splits }).lacking);
  const ground = { trades: base.trades, splits, reservations: dossier.reservations };
  const booked = admitSales(ground, dossier.sales);
  if (!booked) return null;
  const arrived = withoutLacking(
    dossier.sales.map(({ trade }) => trade),
    lackOf(dossier, booked),
  );
  const trades = [...base.trades, ...arrived.trades];

  const ids = new Map(dossier.lots.map((lot) => [tradeKey(lot), lot.id]));
  const history = { trades, splits };
  const replayed = replay(history, (trade) => ids.get(tradeKey(trade)) ?? newId());
  const held = sum(replayed.lots.map(({ remaining }) => remaining));
  return {
    ...rewritten({ lots: dossier.lots, sales: dossier.kept }, replayed),
    held,
    cost: sum(replayed.lots.map(({ remainingCost }) => remainingCost)),
    reservations: followed({ ...ground, trades }),
    splits: replayed.splits,
    lotIds: replayed.lots.map(({ id }) => id),
    told: newOutcomes({
      ...{ accountId: dossier.accountId, actions: dossier.actions, history, replayed },
      known: dossier.outcomes,
    }),
    lacking: [...base.lacking, ...arrived.lacking],
  };
}

type Lacking = ReadonlyMap<string, Decimal>;

const lackOf = ({ sales }: Dossier, booked: Lacking): Lacking =>
  new Map(
    sales.flatMap(({ trade }): [string, Decimal][] => {
      const lack = trade.quantity.minus(booked.get(tradeKey(trade)) ?? zero);
      return lack.isZero() ? [] : [[tradeKey(trade), lack]];
    }),
  );

/** The trades as far as there were shares, and what was not covered of them. */
function withoutLacking(trades: readonly Trade[], lacking: Lacking) {
  const lacks: Lack[] = [];
  const covered = trades.flatMap((trade): Trade[] => {
    const missing = lacking.get(tradeKey(trade));
    if (!missing) return [trade];
    const booked = trade.quantity.minus(missing);
    const cut = cutAmounts(trade, { booked, missing });
    lacks.push({ trade, quantity: missing, ...cut.missing });
    return booked.isZero() ? [] : [{ ...trade, quantity: booked, ...cut.booked }];
  });
  return { trades: covered, lacking: lacks };
}

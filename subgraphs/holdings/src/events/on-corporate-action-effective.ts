import type { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import { takeActions } from '../actions/commands/carry-out-actions.ts';
import type { Action } from '../actions/domain/action.ts';
import type { Deps, Tx } from '../deps.ts';

/** The ex-date of a dividend or a split has begun. */
export const onCorporateActionEffective =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<CorporateActionEffectiveV1>[]): Promise<void> =>
    takeActions(tx, deps, events.map(actionOf));

function actionOf({
  payload,
  eventId,
  correlationId,
}: Envelope<CorporateActionEffectiveV1>): Action {
  const { actionId: id, symbol, exDate, terms } = payload;
  const assetId = payload.assetId as AssetId;
  const about = { id, assetId, symbol, exDate, toldBy: { correlationId, eventId } };
  if (terms.kind === 'SPLIT') return { ...about, ...terms };
  const { kind, rate, currency, payDate } = terms;
  if (!isCurrency(currency)) throw new Error(`dividend ${id} is in no known money`);
  return { ...about, kind, rate: new Decimal(rate), currency, payDate };
}

import type { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { recordSplits } from '../commands/record-splits.ts';
import type { Deps, Transaction } from '../deps.ts';

/** Dividends change no order. */
export const onCorporateActionEffective =
  (deps: Deps) =>
  (tx: Transaction, events: readonly Envelope<CorporateActionEffectiveV1>[]): Promise<void> =>
    recordSplits(
      tx,
      deps,
      events.flatMap(({ occurredAt, payload: { terms, ...action } }) => {
        if (terms.kind !== 'SPLIT') return [];
        const { numerator, denominator } = terms;
        return [{ ...action, numerator, denominator, effectiveAt: new Date(occurredAt) }];
      }),
    );

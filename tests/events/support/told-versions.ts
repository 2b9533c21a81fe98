import { randomUUID } from 'node:crypto';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  accountStatuses,
  CustomerRegisteredV1,
} from '@simplebank/contracts/accounts';
import { AssetUpdatedV1, assetStates, QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Envelope, EventContract } from '@simplebank/contracts/event';
import { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import fc from 'fast-check';

/** How often each thing changes, and what its owners' clocks show meanwhile. */
export type History = {
  readonly accounts: readonly number[];
  readonly assets: readonly number[];
  /** By how many seconds the clock is wrong that stamps the n-th event. */
  readonly skews: readonly number[];
};

const daySeconds = 86_400;
const changes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
export const histories: fc.Arbitrary<History> = fc.record({
  accounts: changes,
  assets: changes,
  skews: fc.array(fc.integer({ min: -daySeconds, max: daySeconds }), {
    ...{ minLength: 7, maxLength: 7 },
  }),
});

const noon = Date.parse('2026-11-23T12:00:00.000Z');

/** Envelopes as their owners' outboxes have them, but for clocks that go wrong. */
function teller(skews: readonly number[]) {
  let told = 0;
  const instant = () => {
    const skewMs = (skews[told % skews.length] ?? 0) * 1_000;
    told += 1;
    return new Date(noon + told * 1_000 + skewMs).toISOString();
  };
  const tell = (
    contract: EventContract,
    of: { readonly id: string; readonly version: number },
    payload: object,
  ): Envelope => ({
    ...{ eventId: randomUUID(), type: contract.name },
    ...{ aggregateId: of.id, aggregateVersion: of.version, occurredAt: instant() },
    ...{ correlationId: 'told', causationId: null, traceparent: null, payload },
  });
  return { tell, instant };
}
type Teller = ReturnType<typeof teller>;

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, n) => n + 1);
/** So that any two neighbouring versions differ. */
const oneOf = <T>(values: readonly T[], version: number): T => values[version % values.length] as T;

function ofAccount({ tell }: Teller, { nth, last }: { nth: number; last: number }): Envelope[] {
  const [accountId, customerId] = [randomUUID(), randomUUID()];
  const account = { accountId, number: String(1_000 + nth), ownerIds: [customerId] };
  return upTo(last).flatMap((version) => {
    const status = oneOf(accountStatuses, version);
    const payload = { ...account, currency: 'USD', status, reason: 'told' };
    const contract = version === 1 ? AccountOpenedV1 : AccountStatusChangedV1;
    const customer = { customerId, number: '1', name: `Ada ${version}`, email: 'a@example.org' };
    return [
      tell(contract, { id: accountId, version }, payload),
      tell(CustomerRegisteredV1, { id: customerId, version }, customer),
    ];
  });
}

function ofAsset(teller: Teller, { nth, last }: { nth: number; last: number }): Envelope[] {
  const { tell, instant } = teller;
  const [assetId, accountId] = [randomUUID(), randomUUID()];
  const asset = { assetId, symbol: `S${nth}`, type: 'STOCK', sector: null, currency: 'USD' };
  return upTo(last).flatMap((version) => {
    const at = { id: assetId, version };
    const state = oneOf(assetStates, version);
    const master = { ...asset, name: `Name ${version}`, fractionable: true, state };
    const price = `${10 + version}.25`;
    const prices = { bid: price, ask: price, last: price };
    const quotes = [{ assetId, ...prices, sequence: version, at: instant() }];
    const quantities = { quantity: String(version), reserved: '0' };
    const position = { id: `${accountId}:${assetId}`, version };
    return [
      tell(AssetUpdatedV1, at, master),
      tell(QuoteChangedV1, { ...at, id: randomUUID() }, { quotes }),
      tell(QuotePublishedV1, { ...at, id: randomUUID() }, { quotes }),
      tell(PositionChangedV1, position, { accountId, assetId, ...quantities }),
    ];
  });
}

/** All that the owners tell, each of them in the order of its versions. */
export function toldIn({ accounts, assets, skews }: History): readonly Envelope[] {
  const one = teller(skews);
  return [
    ...accounts.flatMap((last, nth) => ofAccount(one, { nth, last })),
    ...assets.flatMap((last, nth) => ofAsset(one, { nth, last })),
  ];
}

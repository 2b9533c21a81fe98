declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type CustomerId = Id<'Customer'>;
export type AccountId = Id<'Account'>;
export type PaymentId = Id<'Payment'>;
export type OrderId = Id<'Order'>;
export type ExecutionId = Id<'Execution'>;
export type AssetId = Id<'Asset'>;
export type StrategyId = Id<'Strategy'>;
export type StrategyOrderId = Id<'StrategyOrder'>;

/** Makes a random UUID; tests and simulations inject a seeded one. */
export type NewId = () => string;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const publicNumber = /^[1-9]\d{0,17}$/;

export const isUuid = (text: string): boolean => uuid.test(text);

/** An id as a caller may give it: the UUID of an entity or its public number (domain §1). */
export type IdOrNumber = { readonly id: string } | { readonly number: bigint };

/** Null when the text is neither a lower-case UUID nor a number counted from 1. */
export function parseIdOrNumber(text: string): IdOrNumber | null {
  const lower = text.toLowerCase();
  if (isUuid(lower)) return { id: lower };
  return publicNumber.test(text) ? { number: BigInt(text) } : null;
}

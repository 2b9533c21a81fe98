import { isUuid } from '@simplebank/kernel/ids';

/** Where a line of an order stands among all that is told of an account. */
export type UpdatePlace = {
  /** The transaction that counts for the line. */
  readonly recordedIn: bigint;
  readonly orderId: string;
  readonly sequence: number;
};

const nil = '00000000-0000-0000-0000-000000000000';
const transactionNumber = /^\d{1,18}$/;

/** Before all lines that count for this transaction or a later one. */
export const placeBefore = (recordedIn: bigint): UpdatePlace => ({
  recordedIn,
  orderId: nil,
  sequence: 0,
});

export const updatePlaceOf = ({ recordedIn, orderId, sequence }: UpdatePlace) => [
  String(recordedIn),
  orderId,
  sequence,
];

const sequenceMax = 2_147_483_647;

/** Null for what is no place of an update. */
export function readUpdatePlace(parts: readonly unknown[]): UpdatePlace | null {
  const [recordedIn, orderId, sequence] = parts;
  if (parts.length !== 3 || typeof recordedIn !== 'string') return null;
  if (!transactionNumber.test(recordedIn) || typeof orderId !== 'string') return null;
  if (!isUuid(orderId) && orderId !== nil) return null;
  if (typeof sequence !== 'number' || !Number.isInteger(sequence)) return null;
  if (sequence < 0 || sequence > sequenceMax) return null;
  return { recordedIn: BigInt(recordedIn), orderId, sequence };
}

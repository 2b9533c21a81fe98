/** Where an activity stands among all that is told of an account. */
export type ToldPlace = {
  /** The transaction that recorded it. */
  readonly recordedIn: bigint;
  readonly id: bigint;
};

/** Before all activities that this transaction or a later one recorded. */
export const placeBefore = (recordedIn: bigint): ToldPlace => ({ recordedIn, id: 0n });

export const toldPlaceOf = ({ recordedIn, id }: ToldPlace) => [String(recordedIn), String(id)];

const number = /^\d{1,18}$/;

/** Null for what is no place of an update. */
export function readToldPlace(parts: readonly unknown[]): ToldPlace | null {
  const [recordedIn, id] = parts;
  if (parts.length !== 2 || typeof recordedIn !== 'string' || typeof id !== 'string') return null;
  if (!number.test(recordedIn) || !number.test(id)) return null;
  return { recordedIn: BigInt(recordedIn), id: BigInt(id) };
}

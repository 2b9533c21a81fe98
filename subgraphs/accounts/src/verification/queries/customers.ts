import { PublicError } from '@simplebank/chassis/errors';
import type { Context } from '../../context.ts';
import { findProfile } from '../data/profiles.ts';
import { listInStatus } from '../data/verifications.ts';
import { type ShownProfile, shown } from '../domain/profile.ts';

const firstMax = 100;

/** Ids of customers in REVIEW, longest first. Throws BAD_INPUT for a page out of bounds. */
export async function customersInReview({ db }: Pick<Context, 'db'>, first: number) {
  if (first < 1 || first > firstMax) {
    const field = 'first';
    throw new PublicError('BAD_INPUT', `Expected 1 to ${firstMax}.`, { field });
  }
  return listInStatus(db, 'REVIEW', first);
}

/** What a customer has told, without the whole identity number; null when nothing. */
export async function profileOf(
  { db, dataKeys }: Pick<Context, 'db' | 'dataKeys'>,
  customerId: string,
): Promise<ShownProfile | null> {
  const sealed = await findProfile(db, customerId);
  if (!sealed) return null;
  const identityNumber = dataKeys.open(sealed.identityNumber, customerId);
  return shown({ ...sealed, identityNumber });
}

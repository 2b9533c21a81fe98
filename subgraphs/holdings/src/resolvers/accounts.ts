import { isStaff, type Viewer } from '@simplebank/chassis/auth';
import type { Account } from '../domain/account.ts';

/** Owners see their accounts, staff see all (domain §1). */
export function maySee(viewer: Viewer, { ownerIds }: Account): boolean {
  if (viewer.kind !== 'principal') return false;
  return isStaff(viewer) || ownerIds.includes(viewer.customerId);
}

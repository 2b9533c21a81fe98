import type { Viewer } from '@simplebank/chassis/auth';
import type { Account } from '../domain/account.ts';

const staffRoles: ReadonlySet<string> = new Set(['support', 'operations', 'service']);

/** Owners see their accounts, staff see all (domain §1). */
export function maySee(viewer: Viewer, { ownerIds }: Account): boolean {
  if (viewer.kind !== 'principal') return false;
  if (viewer.roles.some((role) => staffRoles.has(role))) return true;
  return ownerIds.includes(viewer.customerId);
}

import type { AccountDrift } from '../domain/account-drift.ts';
import type { AllocationPart } from '../domain/allocation.ts';
import type { Portfolio } from '../domain/portfolio.ts';

/** Parts with the portfolio that they are parts of. */
export type AllocationParent = {
  readonly portfolio: Portfolio;
  readonly parts: readonly AllocationPart[];
};
export type DriftParent = AccountDrift & { readonly portfolio: Portfolio };

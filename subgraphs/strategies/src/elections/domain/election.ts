/** From `at` on an account follows a strategy, or none when it is null. */
export type Election = {
  readonly accountId: string;
  /** Counted from 1 by account; the highest is the current one. */
  readonly sequence: number;
  readonly strategyId: string | null;
  /** The owner who has decided it. */
  readonly customerId: string;
  readonly at: Date;
};

/** An election that names a strategy. */
export type Following = Election & { readonly strategyId: string };

/** Null when the account follows no strategy. */
export function following(election: Election | null | undefined): Following | null {
  if (!election || election.strategyId === null) return null;
  return { ...election, strategyId: election.strategyId };
}

export type ElectionRefusalCode = 'NOT_ACTIVE' | 'ACCOUNT_STATUS' | 'IDEMPOTENCY_KEY_REUSED';

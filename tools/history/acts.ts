import type { Person } from '../seed/people.ts';

type Of<Kind extends string, More extends object> = Readonly<
  { kind: Kind; account: string } & More
>;

/** What a customer does; amounts in dollars, `account` by its name. */
export type Act =
  /** Signs up, is verified and opens the accounts. */
  | { readonly kind: 'JOIN'; readonly person: Person }
  | Of<'DEPOSIT' | 'WITHDRAW', { readonly amount: string }>
  /** Shares for about so many dollars, in halves of a share. */
  | Of<'BUY', { readonly symbol: string; readonly about: number }>
  /** So many dollars to the cent. */
  | Of<'SPEND', { readonly symbol: string; readonly amount: string }>
  /** A share of what is held, in hundredths; 100 leaves nothing. */
  | Of<'SELL', { readonly symbol: string; readonly percent: number }>
  | Of<'INVEST', { readonly strategy: string; readonly amount: string }>
  | Of<'ELECT', { readonly strategy: string }>
  /** So many dollars each month from this day on, paid by a deposit. */
  | Of<'PLAN', { readonly strategy: string; readonly amount: string; readonly startDate: string }>
  | Dividend;

/** Staff announces what an asset pays. */
type Dividend = {
  readonly kind: 'DIVIDEND';
  readonly symbol: string;
  /** Dollars for a share. */
  readonly rate: string;
  readonly exDate: string;
  readonly payDate: string;
};

/** What an owner of an account does. */
export type OwnersAct = Exclude<Act, { kind: 'JOIN' | 'DIVIDEND' }>;
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

/** A trading day on which customers do something. */
export type Page = { readonly date: string; readonly acts: readonly Act[] };

/** A message in the application's language, which is English. */
export type Text = { readonly title: string; readonly text: string };

/** What the events tell that a message may name. */
type FactName =
  | 'account'
  | 'amount'
  | 'channel'
  | 'closing'
  | 'code'
  | 'currency'
  | 'date'
  | 'month'
  | 'name'
  | 'period'
  | 'quantity'
  | 'reason'
  | 'side'
  | 'status'
  | 'symbol'
  | 'value';

/** Answers what the event told; throws when it told nothing of that name, which is a bug. */
export type Fact = (name: FactName) => string;
export type Words = (fact: Fact) => Text;

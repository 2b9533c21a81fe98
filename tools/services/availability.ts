import type { Description } from './descriptions.ts';

/** A request's way: every part of it must answer. */
export type Path = { readonly what: string; readonly parts: readonly string[] };

const own = (name: string) => [name, `${name}-database`];

/** What customers do, and what has to work for it; what may be missing is left out. */
export const paths: readonly Path[] = [
  { what: 'sign in', parts: ['web', ...own('accounts')] },
  { what: 'see a quote or search assets', parts: ['web', ...own('assets')] },
  { what: 'see the portfolio', parts: ['web', ...own('holdings')] },
  { what: 'see orders', parts: ['web', ...own('orders')] },
  { what: 'place an order: accepted', parts: ['web', ...own('orders')] },
  {
    what: 'place an order: filled in time',
    parts: ['web', ...['orders', 'accounts', 'market'].flatMap(own), 'queues', 'venue'],
  },
  {
    what: 'sell: filled in time',
    parts: ['web', ...['orders', 'holdings', 'accounts', 'market'].flatMap(own), 'queues', 'venue'],
  },
  { what: 'pay in', parts: ['web', ...own('accounts'), 'payment-provider'] },
  {
    what: 'invest in a strategy: accepted',
    parts: ['web', ...own('strategies')],
  },
];

/** What nobody of ours runs, and what has no `service.yml`: taken as given, per cent. */
export const givenUptime: Readonly<Record<string, number>> = {
  queues: 99.95,
  'payment-provider': 99.9,
};
/** Of each managed PostgreSQL with a standby. */
export const databaseUptime = 99.95;

/** Per cent of the time in which all parts work; they fail independently of each other. */
export const inSeries = (percents: readonly number[]): number =>
  100 * percents.reduce((product, percent) => product * (percent / 100), 1);

/** @throws Error for a part that is no process, no database and not given */
export function uptimeOf(part: string, described: readonly Description[]): number {
  const process = described.find(({ name }) => name === part);
  if (process) return process.objective.uptimePercent;
  if (part.endsWith('-database')) return databaseUptime;
  const given = givenUptime[part];
  if (given === undefined) throw new Error(`nobody says how often ${part} is up`);
  return given;
}

export const availabilityOf = ({ parts }: Path, described: readonly Description[]): number =>
  inSeries(parts.map((part) => uptimeOf(part, described)));

import { percentile, table } from '../facts.ts';
import type { Outcome } from './run.ts';

/** What one run came to, in orders, milliseconds and seconds. */
export type Figures = {
  readonly rate: number;
  readonly orders: number;
  readonly troubles: Readonly<Record<string, number>>;
  readonly acceptedPerSecond: number;
  readonly completedPerSecond: number;
  readonly acceptedMs: readonly number[];
  readonly finalMs: readonly number[];
  readonly backlog: number;
  readonly emptyAfterSeconds: number;
  readonly quietAfterSeconds: number;
};

export function figuresOf({ rate, load, orders, quietAt }: Outcome): Figures {
  const seconds = (load.stoppedAt - load.startedAt) / 1_000;
  const dueAt = new Map(load.placed.map(({ orderId, dueAt }) => [orderId, dueAt]));
  const accepted = load.placed.filter(({ orderId }) => orderId !== null);
  const finals = orders.map(({ finalAt }) => finalAt ?? Number.POSITIVE_INFINITY);
  const inTime = finals.filter((at) => at <= load.stoppedAt).length;
  const troubles: Record<string, number> = {};
  for (const { trouble } of load.placed) {
    if (trouble !== null) troubles[trouble] = (troubles[trouble] ?? 0) + 1;
  }
  return {
    rate,
    orders: orders.length,
    troubles,
    acceptedPerSecond: accepted.length / seconds,
    completedPerSecond: inTime / seconds,
    acceptedMs: accepted.map(({ acceptedMs }) => acceptedMs),
    finalMs: orders.map(({ id, createdAt, finalAt }) => {
      return (finalAt ?? Number.POSITIVE_INFINITY) - (dueAt.get(id) ?? createdAt);
    }),
    backlog: orders.length - inTime,
    emptyAfterSeconds: Math.max(0, (Math.max(...finals) - load.stoppedAt) / 1_000),
    quietAfterSeconds: (quietAt - load.stoppedAt) / 1_000,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, ms) => sum + ms, 0) / values.length;
const spread = (values: readonly number[]) =>
  [0.5, 0.95, 0.99].map((share) => percentile(values, share).toFixed(0)).join(' / ');
const verdict = (reached: boolean) => (reached ? 'reached' : 'MISSED');

type Line = readonly [what: string, ours: string, literature: string, floor: string, aim: string];

/** Each line with what it is held to: the literature's figure, the floor and the aim. */
export function figuresTable(figures: Figures): string {
  const head: Line = ['', 'SimpleBank', 'literature', 'floor', 'aim'];
  return table([head, ...rateLines(figures), ...timeLines(figures), ...restLines(figures)]);
}

const [floorPerSecond, aimPerSecond] = [100, 300] as const;
const [floorP95Ms, floorEmptySeconds] = [100, 2] as const;
/**
 * Of a rate that was asked for, as much must be seen within the load: the last answers come after
 * its end, and what the venue has at that moment completes after it (that is the next condition).
 */
const [acceptedShare, completedShare] = [0.99, 0.95] as const;

/** A paced load is held to the rate that it asked for, another one to floor and aim. */
function rateLines(figures: Figures): readonly Line[] {
  const { rate, acceptedPerSecond: accepted, completedPerSecond: completed } = figures;
  const against = (least: number, seen: number) => {
    return rate > 0 ? '–' : `${least}: ${verdict(seen >= least)}`;
  };
  const bounds = (seen: number) => [against(floorPerSecond, seen), against(aimPerSecond, seen)];
  const [floorAccepted = '', aimAccepted = ''] = bounds(accepted);
  const [floorCompleted = '', aimCompleted = ''] = bounds(completed);
  const beaten = `42.24: ${verdict(accepted > 42.24)}`;
  return [
    ['accepted per second', accepted.toFixed(1), beaten, floorAccepted, aimAccepted],
    ['completed per second', completed.toFixed(1), '32.2 (derived)', floorCompleted, aimCompleted],
  ];
}

/** Whether a paced load was borne as the floor asks; which rate it was is another matter. */
function isBorne(figures: Figures): boolean {
  const { rate, acceptedPerSecond, completedPerSecond, acceptedMs, emptyAfterSeconds } = figures;
  return (
    rate > 0 &&
    Object.keys(figures.troubles).length === 0 &&
    acceptedPerSecond >= acceptedShare * rate &&
    completedPerSecond >= completedShare * rate &&
    percentile(acceptedMs, 0.95) < floorP95Ms &&
    emptyAfterSeconds <= floorEmptySeconds
  );
}

/** All runs side by side, and the figure that counts. */
export function summary(runs: readonly Figures[]): string {
  const borne = runs.filter(isBorne).map(({ rate }) => rate);
  const most = Math.max(0, ...borne);
  const answer =
    most === 0
      ? 'No paced load was borne as the floor asks.'
      : `The highest paced load that was borne as the floor asks: ${most} orders per second.`;
  const lines = runs.map((run) => [
    run.rate > 0 ? `${run.rate} per second` : 'flat out',
    run.acceptedPerSecond.toFixed(1),
    run.completedPerSecond.toFixed(1),
    percentile(run.acceptedMs, 0.5).toFixed(0),
    percentile(run.acceptedMs, 0.95).toFixed(0),
    run.emptyAfterSeconds.toFixed(1),
    run.rate > 0 ? (isBorne(run) ? 'yes' : 'NO') : '–',
  ]);
  return [
    table([
      [
        ...['load', 'accepted/s', 'completed/s', 'p50 to accepted, ms', 'p95'],
        ...['last final after, s', 'borne'],
      ],
      ...lines,
    ]),
    '',
    answer,
  ].join('\n');
}

function timeLines({ acceptedMs, finalMs }: Figures): readonly Line[] {
  const average = mean(acceptedMs);
  const quick = `p95 ${floorP95Ms}: ${verdict(percentile(acceptedMs, 0.95) < floorP95Ms)}`;
  return [
    ['mean to accepted, ms', average.toFixed(0), `210: ${verdict(average < 210)}`, '', ''],
    ['p50 / p95 / p99 to accepted, ms', spread(acceptedMs), '', quick, ''],
    ['p50 / p95 / p99 to final, ms', spread(finalMs), '', '', ''],
  ];
}

function restLines(figures: Figures): readonly Line[] {
  const { orders, backlog, emptyAfterSeconds: empty, quietAfterSeconds: quiet } = figures;
  const failed = Object.values(figures.troubles).reduce((sum, n) => sum + n, 0);
  const available = `${(100 - (100 * failed) / (orders + failed)).toFixed(2)} %`;
  const share = backlog / orders;
  const left = `${backlog} (${(share * 100).toFixed(1)} %)`;
  const beaten = `23.7 %: ${verdict(share < 0.237)}`;
  const gone = [
    `93: ${verdict(empty < 93)}`,
    `${floorEmptySeconds}: ${verdict(empty <= floorEmptySeconds)}`,
  ] as const;
  return [
    ['availability', available, `100 %: ${verdict(failed === 0)}`, '', ''],
    ['orders left when the load stops', left, beaten, '', `1 %: ${verdict(share < 0.01)}`],
    ['seconds until the last is final', empty.toFixed(1), ...gone, ''],
    ['seconds until nothing is under way', quiet.toFixed(1), '', '', ''],
  ];
}

/** Where the processor time went, and what an order came to in transactions and events. */
export function costTable({ cpu, counts, load, orders }: Outcome): string {
  const each = (total: number) => (total / orders.length).toFixed(2);
  const whole = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
  return table([
    ['per order', ''],
    ...Object.entries(cpu).map(([name, ms]) => [`${name}, CPU ms`, each(ms)]),
    ['the bank in all, CPU ms', each(whole)],
    ['the load generator, CPU ms', each(load.cpuMs)],
    ['committed transactions', each(counts.commits)],
    ['events', each(counts.events)],
    ['deliveries', each(counts.deliveries)],
  ]);
}

export const stepTable = ({ steps }: Outcome): string =>
  table([
    ['event in the order’s history', 'median ms after its creation', 'p95'],
    ...steps.map(({ step, median, p95 }) => [step, median.toFixed(0), p95.toFixed(0)]),
  ]);

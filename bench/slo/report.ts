import { table } from '../facts.ts';
import { readsAndWrites, spread, timesOf, troublesOf } from '../load/figures.ts';
import { brokerageDay } from '../load/mixes.ts';
import { peakOf, writes } from '../load/schedule.ts';
import { objective } from '../objective.ts';
import { limiting, usages } from './limiting.ts';
import type { ModeResult, Step } from './run.ts';

const linesOfUsageMax = 6;
const troublesMax = 4;

function stepTable(steps: readonly Step[]): string {
  const head = [
    ...['requests/s', 'at the bell', 'reads p50 / p95 / p99, ms', 'writes p50 / p95 / p99, ms'],
    ...[`p${objective.percentile} of all, ms`, 'errors', 'backlog', 'drained in, s', 'borne'],
  ];
  const lines = steps
    .toSorted((a, b) => a.rate - b.rate)
    .map(({ rate, borne, watched }) => {
      const { samples, cutShort } = watched.load;
      const parts = readsAndWrites(samples);
      const errors = samples.filter(({ trouble }) => trouble !== null).length;
      return [
        ...[String(rate), (rate * peakOf(brokerageDay)).toFixed(0)],
        ...[spread(timesOf(parts.reads)), spread(timesOf(parts.writes))],
        ...[timesOf(samples).p95.toFixed(0), cutShort ? `${errors}, cut short` : String(errors)],
        ...[String(watched.backlog), watched.drainSeconds?.toFixed(1) ?? 'over 30'],
        borne ? 'yes' : 'NO',
      ];
    });
  return table([head, ...lines]);
}

const operationTable = ({ watched }: Step): string => {
  const { samples } = watched.load;
  const operations = [...new Set(samples.map(({ operation }) => operation))].toSorted();
  const lines = operations.map((operation) => {
    const own = samples.filter((sample) => sample.operation === operation);
    return [operation, String(own.length), spread(timesOf(own))];
  });
  return table([['operation', 'requests', 'p50 / p95 / p99, ms'], ...lines]);
};

const usageTable = ({ watched }: Step): string =>
  table([
    ['part', 'used', 'measured'],
    ...usages(watched)
      .slice(0, linesOfUsageMax)
      .map(({ part, used, measured }) => [part, `${(used * 100).toFixed(0)} %`, measured]),
  ]);

const troubles = ({ rate, watched }: Step): readonly string[] => {
  const told = troublesOf(watched.load.samples).slice(0, troublesMax);
  return told.length === 0 ? [] : [`At ${rate} per second: ${told.join('; ')}.`, ''];
};

/** The lowest rate that was not borne: what was narrow there is what limits. */
function firstFailed({ steps, best }: ModeResult): Step | undefined {
  return steps.filter(({ rate }) => rate > best).toSorted((a, b) => a.rate - b.rate)[0];
}

function bestPart(result: ModeResult): readonly string[] {
  const { best, steps } = result;
  const step = steps.find(({ rate }) => rate === best);
  if (!step) return ['No rate was borne.', ''];
  const title = `At the highest rate that was borne, ${best} requests per second:`;
  return [title, '', operationTable(step), '', usageTable(step), ''];
}

function failedPart(result: ModeResult): readonly string[] {
  const failed = firstFailed(result);
  if (!failed) return ['No rate that was tried was too high.', ''];
  return [
    `At ${failed.rate} requests per second, the lowest rate that was not borne, the limiting part`,
    `is ${limiting(failed.watched)}.`,
    ...['', usageTable(failed), '', ...troubles(failed)],
  ];
}

export const modeSection = (result: ModeResult): string =>
  [
    ...[`## ${result.mode === 'embedded' ? 'Embedded' : 'Distributed'}`, ''],
    ...[stepTable(result.steps), '', ...bestPart(result), ...failedPart(result)],
    ...[`The reconciler at the end: ${result.proof}`, ''],
  ].join('\n');

export const comparison = (results: readonly ModeResult[]): string =>
  table([
    ['mode', 'highest rate borne, requests/s', 'at the bell', 'what limits'],
    ...results.map((result) => {
      const failed = firstFailed(result);
      const bell = (result.best * peakOf(brokerageDay)).toFixed(0);
      const limit = failed ? limiting(failed.watched) : 'not reached';
      return [result.mode, String(result.best), bell, limit];
    }),
  ]);

/** The mix in words, from the mix itself. */
export function mixTable(): string {
  const head = [
    'part of the day',
    'its share of the time',
    'rate against the mean',
    'of 100: writes',
  ];
  const mean = brokerageDay.reduce((sum, { share, intensity }) => sum + share * intensity, 0);
  const lines = brokerageDay.map(({ name, share, intensity, weights }) => {
    const entries = Object.entries(weights);
    const all = entries.reduce((sum, [, weight]) => sum + weight, 0);
    const written = entries.filter(([operation]) => [...writes].some((one) => one === operation));
    const part = written.reduce((sum, [, weight]) => sum + weight, 0) / all;
    const cells = [`${(share * 100).toFixed(0)} %`, (intensity / mean).toFixed(2)];
    return [name, ...cells, (part * 100).toFixed(1)];
  });
  return table([head, ...lines]);
}

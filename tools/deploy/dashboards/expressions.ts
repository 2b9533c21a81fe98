import type { Query } from './panel.ts';

const operations = 'simplebank_operation_duration_seconds';
const shares = [0.5, 0.9, 0.99] as const;

type Of = { readonly metric?: string; readonly labels: string; readonly by?: string };

/** Five minutes, as the literature's timers: long enough for a share of a hundred to be one. */
export const window = '5m';

/** The 0.5, 0.9 and 0.99 of a histogram, never its mean alone. */
export const percentiles = ({ metric = operations, labels, by }: Of): readonly Query[] =>
  shares.map((share) => {
    const group = ['le', ...(by ? [by] : [])].join(', ');
    const rate = `rate(${metric}_bucket{${labels}}[${window}])`;
    return {
      expr: `histogram_quantile(${share}, sum by (${group}) (${rate}))`,
      legend: by ? `{{${by}}} ${share}` : String(share),
    };
  });

/** Requests a second by the label `by`. */
export const traffic = ({ metric = `${operations}_count`, labels, by = 'service' }: Of): Query => ({
  expr: `sum by (${by}) (rate(${metric}{${labels}}[${window}]))`,
  legend: by
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' '),
});

/** Which of a hundred requests ended as errors. */
export const errorShare = ({ labels, by = 'service' }: Of): Query => {
  const all = `${operations}_count`;
  const matched = labels === '' ? 'outcome="error"' : `${labels}, outcome="error"`;
  const errors = `sum by (${by}) (rate(${all}{${matched}}[${window}]))`;
  return {
    expr: `${errors} / sum by (${by}) (rate(${all}{${labels}}[${window}]))`,
    legend: `{{${by}}}`,
  };
};

/** A gauge that every instance tells of the same thing. */
export const shared = (expr: string, by: string): Query => ({
  expr: `max by (${by}) (${expr})`,
  legend: by
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' '),
});

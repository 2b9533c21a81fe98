import { parser } from '@prometheus-io/lezer-promql';

type Matcher = { readonly label: string; readonly operator: string; readonly value: string };
/** What a query asks of one metric: its series, and by which labels it joins them. */
export type Selector = {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  readonly groupedBy: readonly string[];
};

/** Grafana fills these in; anything goes there. */
const filled = (query: string): string => query.replaceAll(/\$\w+/g, '.*');

/** The metrics of a query with their labels. Throws where the text is no PromQL. */
export function selectorsOf(text: string): readonly Selector[] {
  const query = filled(text);
  const selectors: { metric: string; matchers: Matcher[] }[] = [];
  const groupedBy: string[] = [];
  let inGroup = false;
  parser.parse(query).iterate({
    enter: ({ name, type, from, to }) => {
      const words = query.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at ${from}: ${query}`);
      if (name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const last = selectors.at(-1);
      if (name === 'Identifier' && last) last.metric = words;
      if (name === 'UnquotedLabelMatcher' && last) {
        const [, label = '', operator = '', value = ''] =
          /^(\w+)\s*([=!~]+)\s*"(.*)"$/.exec(words) ?? [];
        last.matchers.push({ label, operator, value });
      }
      if (name === 'GroupingLabels') inGroup = true;
      if (name === 'LabelName' && inGroup) groupedBy.push(words);
    },
    leave: ({ name }) => {
      if (name === 'GroupingLabels') inGroup = false;
    },
  });
  return selectors.map((selector) => ({ ...selector, groupedBy }));
}

/** A series of a scrape: its name with its labels. */
export type Series = { readonly metric: string; readonly labels: Readonly<Record<string, string>> };

/** The series of a text in Prometheus' format. */
export const seriesIn = (text: string): readonly Series[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, metric = '', inside = ''] = /^([\w:]+)(?:\{(.*)\})? \S+/.exec(line) ?? [];
      const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return { metric, labels: Object.fromEntries(labels.map(([, k = '', v = '']) => [k, v])) };
    });

function matches({ operator, label, value }: Matcher, { labels }: Series): boolean {
  const own = labels[label] ?? '';
  if (operator === '=') return own === value;
  if (operator === '!=') return own !== value;
  const found = new RegExp(`^(?:${value})$`).test(own);
  return operator === '=~' ? found : !found;
}

/** Metrics that a process announces, series or none: a counter has none before its first count. */
export const announcedIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name = '']) => name));

/** Labels that the scrape itself puts on every series. */
const ofTargets = new Set(['job', 'instance', 'service', 'track']);

/** What is wrong with a selector, seen against what a running bank tells; null when nothing is. */
export function faultOf(selector: Selector, scraped: readonly Series[]): string | null {
  const { metric, matchers, groupedBy } = selector;
  const series = scraped.filter((one) => one.metric === metric);
  if (series.length === 0) return `${metric}: nobody tells it`;
  const labelsOf = (all: readonly Series[]) =>
    new Set([...all.flatMap(({ labels }) => Object.keys(labels)), ...ofTargets]);
  const known = labelsOf(series);
  // A query may join its metrics by different labels: each must be one of some metric of ours.
  const anywhere = labelsOf(scraped);
  const unknown =
    matchers.map(({ label }) => label).find((label) => !known.has(label)) ??
    groupedBy.find((label) => !anywhere.has(label));
  if (unknown) return `${metric}: has no label ${unknown}`;
  // An outcome that nobody has had yet is none of the names that must be right.
  const named = matchers.filter(({ label }) => label !== 'outcome' && label !== 'job');
  if (series.some((one) => named.every((matcher) => matches(matcher, one)))) return null;
  return `${metric}: no series has ${named.map((m) => m.label + m.operator + m.value).join(', ')}`;
}

import { readFileSync } from 'node:fs';
import { table } from '../facts.ts';
import { pinned } from './contenders.ts';
import type { Measured } from './load.ts';

export type Scenario = {
  readonly key: string;
  readonly title: string;
  readonly connections: number;
  readonly runs: number;
};
export type Results = Map<string, Readonly<Record<string, Measured>>>;

type Reported = {
  readonly results: Results;
  readonly scenarios: readonly Scenario[];
  readonly absent: readonly string[];
  readonly facts: string;
  readonly seconds: number;
};

const packages = [
  ['@apollo/server', '../../node_modules/@apollo/server/package.json'],
  ['@apollo/gateway', '../../node_modules/@apollo/gateway/package.json'],
  ['@graphql-hive/gateway', './peers/node_modules/@graphql-hive/gateway/package.json'],
  [
    '@graphql-hive/router-runtime',
    './peers/node_modules/@graphql-hive/router-runtime/package.json',
  ],
] as const;

function versions(): string {
  return packages
    .map(([name, path]) => {
      try {
        const text = readFileSync(new URL(path, import.meta.url), 'utf8');
        return `${name} ${JSON.parse(text).version}`;
      } catch {
        return `${name} absent`;
      }
    })
    .join(', ');
}

const heads = ['gateway', 'requests/s', 'to stock', 'p95 ms', 'CPU ms', 'resident MB', 'wrong'];

function scenarioTable({ key, title, runs }: Scenario, results: Results): string {
  const [first] = [...results.values()];
  const stock = first?.[key]?.perSecond ?? Number.NaN;
  const rows = [...results].flatMap(([name, measured]) => {
    const one = measured[key];
    if (!one) return [];
    const { perSecond, p95Ms, cpuMs, residentMb, wrong } = one;
    return [
      [
        name,
        perSecond.toFixed(0),
        `${(perSecond / stock).toFixed(1)}x`,
        p95Ms.toFixed(0),
        cpuMs.toFixed(2),
        residentMb.toFixed(0),
        String(wrong),
      ],
    ];
  });
  const counted = runs === 1 ? 'one run' : `median of ${runs} runs`;
  return `## ${title}\n\n${counted}\n\n${table([heads, ...rows])}\n`;
}

/** What was measured, on what, and what it does not say. */
export const report = ({ results, scenarios, absent, facts, seconds }: Reported): string =>
  [
    '# Gateways compared',
    '',
    'Made by `npm run bench:gateway`. Four stub subgraphs with fixed data, each a process of its',
    'own that remembers its answers; the query of the public federation benchmark over data of our',
    `own. Runs of ${seconds} s after a warm-up, ${pinned}, over loopback.`,
    '',
    `- ${facts}`,
    `- ${versions()}; NODE_ENV=production for all`,
    '- Ours is the whole gateway: it checks a signed token, limits, rights and cost, and signs an',
    '  assertion for each subgraph. The others do none of that. Each distinct entity is asked once',
    '  per fetch in both rows; nothing is kept, as no subgraph allows it.',
    '- "Equal reads shared" means that equal questions of one caller at the same moment run once.',
    '  Variables that are never the same defeat that, apart from fetches they do not reach.',
    '- CPU counts the gateway process; "wrong" counts answers that were late, short or none.',
    '- At 500 connections each is answered after seconds; who is not within 30 s counts as wrong.',
    ...absent.map((reason) => `- Not measured: ${reason}.`),
    '',
    ...scenarios.map((scenario) => scenarioTable(scenario, results)),
  ].join('\n');

import { readdirSync, readFileSync } from 'node:fs';
import { concatAST, parse, print, separateOperations } from 'graphql';
import type { BankClient } from '../../../tools/bank/client.ts';
import { type Answer, askOnce } from './outage-fleet.ts';

const operations = new URL('../../../gateways/mobile/operations/', import.meta.url);

/** The phone's own operations by name, each with the fragments that it needs. */
function phoneOperations(): Readonly<Record<string, string>> {
  const files = readdirSync(operations).filter((name) => name.endsWith('.graphql'));
  const texts = files.map((name) => readFileSync(new URL(name, operations), 'utf8'));
  const separate = separateOperations(concatAST(texts.map((text) => parse(text))));
  return Object.fromEntries(Object.entries(separate).map(([name, one]) => [name, print(one)]));
}

const strategiesText = `query Strategies($first: Int!) {
  strategies(first: $first) { nodes { id name assets { symbol percentage } } } }`;
const positionsText = `query Positions($accountId: ID!) {
  holdings(accountId: $accountId) { symbol quantity value { amount } asOf } }`;
const phone = phoneOperations();

/** What customers look at, by the texts that an application asks with. */
const screens = {
  home: phone['Home'] ?? '',
  portfolio: phone['Portfolio'] ?? '',
  orders: phone['Orders'] ?? '',
  'asset search': phone['SearchAssets'] ?? '',
  strategies: strategiesText,
  'positions alone': positionsText,
} as const;

export type Screen = keyof typeof screens;
export const screenNames = Object.keys(screens) as readonly Screen[];

/** `in part`: what is missing is null, and told. */
export type Seen = 'whole' | 'in part' | 'nothing';

function judged({ data, told, degraded }: Answer): Seen {
  if (told.length + degraded.length === 0) return 'whole';
  return Object.values(data ?? {}).some((part) => part !== null) ? 'in part' : 'nothing';
}

let asked = 0;
const pageMax = 100;

/** Each screen as it is answered now and not from a cache: no two looks ask for equal pages. */
export async function lookAtScreens(door: BankClient, accountId: string) {
  asked += 1;
  const variables = { accountId, search: 'AAPL', first: 1 + (asked % pageMax) };
  const seen: Partial<Record<Screen, Seen>> = {};
  for (const name of screenNames) {
    seen[name] = judged(await askOnce(door, screens[name], variables));
  }
  return seen;
}

const page = new URL('../../../docs/dependency-matrix.md', import.meta.url);

/** The page's table: what each screen is without a process, by the name of the process. */
export function writtenMatrix(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const rows = readFileSync(page, 'utf8').split('\n').flatMap(cellsOf);
  const [[, ...names] = [], , ...lines] = rows;
  return Object.fromEntries(
    lines.map(([process = '', ...cells]) => [
      process,
      Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])),
    ]),
  );
}

const cellsOf = (line: string): string[][] =>
  line.startsWith('|')
    ? [
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ]
    : [];

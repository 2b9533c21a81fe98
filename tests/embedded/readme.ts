import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const file = new URL('../../README.md', import.meta.url);
const fence = '```';
/** A query that does not end is none to begin with. */
const withinMs = 120_000;

/** The shell of the README's section about the first queries, as a stranger copies it. */
const firstQueries = (): string => {
  const text = readFileSync(file, 'utf8');
  const section = text.slice(text.indexOf('## A first query'), text.indexOf('**Explorer.**'));
  return section
    .split(fence)
    .filter((_, index) => index % 2 === 1)
    .join('\n');
};

/** What the README's commands print on the bank behind this web gateway, each as one JSON value. */
export function runReadme(webUrl: string): readonly unknown[] {
  const script = firstQueries().replaceAll('http://127.0.0.1:4001', new URL(webUrl).origin);
  const eachOnItsLine = 'curl() { command curl "$@"; echo; }';
  const shell = ['-c', `${eachOnItsLine}\n${script}`];
  const printed = execFileSync('sh', shell, { timeout: withinMs }).toString();
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../generate/units.ts';
import { heardBy, toldBy } from './contracts-of.ts';
import type { Description } from './descriptions.ts';

/** What the code says of the same process. */
export type InCode = {
  readonly variables: readonly string[];
  readonly eventsIn: readonly string[];
  readonly eventsOut: readonly string[];
  readonly exists: (file: string) => boolean;
};

export const inCode = (name: string, variables: readonly string[]): InCode => ({
  variables,
  eventsIn: heardBy(name),
  eventsOut: toldBy(name),
  exists: (file) => existsSync(join(root, file)),
});

/** What one list has that the other has not, told in words. */
function differences(what: string, told: readonly string[], real: readonly string[]) {
  const missing = real.filter((name) => !told.includes(name));
  const strange = told.filter((name) => !real.includes(name));
  return [
    ...missing.map((name) => `${what} does not name ${name}`),
    ...strange.map((name) => `${what} names ${name}, which the code does not know`),
  ];
}

const kebab = (variable: string): string => variable.toLowerCase().replaceAll('_', '-');

/** Whom a process reaches by address, as its variables name them. */
const reached = (variables: readonly string[]): readonly string[] =>
  variables.flatMap((name) => {
    const [, what] = /^([A-Z_]+)_URL$/.exec(name) ?? [];
    return what === undefined || what.endsWith('OTLP') ? [] : [kebab(what)];
  });

/** `market-venue` is the venue that market reaches; `accounts` is a process of that name. */
const isNamed = (reachedName: string, { name, dependencies }: Description): boolean =>
  dependencies.some((one) => {
    const own = reachedName.replace(`${name}-`, '');
    return one.name === reachedName || one.name.split('-').some((word) => own.includes(word));
  });

/** Where a description and the code disagree, one line each. */
export function problemsOf(description: Description, code: InCode): readonly string[] {
  const { name, variables, eventsIn, eventsOut, links, dependencies } = description;
  const unnamed = reached(code.variables).filter((one) => !isNamed(one, description));
  const ownDatabase = code.variables.some((variable) => variable.endsWith('_DATABASE_URL'));
  const listed = dependencies.some((one) => one.name === `${name}-database`);
  const problems = [
    ...differences('variables', variables, code.variables),
    ...differences('events.in', eventsIn, code.eventsIn),
    ...differences('events.out', eventsOut, code.eventsOut),
    ...unnamed.map((one) => `dependencies do not name ${one}, which a variable reaches`),
    ...(ownDatabase && !listed ? ['dependencies do not name its database'] : []),
    ...Object.values(links)
      .filter((file) => !code.exists(file))
      .map((file) => `links name ${file}, which is not there`),
  ];
  return problems.map((problem) => `${name}: ${problem}`);
}

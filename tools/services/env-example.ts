import { commonVariables } from '@simplebank/chassis/process';
import type { Described } from './documents.ts';

const operationsPort = (name: string) =>
  `${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_OPERATIONS_PORT`;
const unset = (names: readonly string[]) => names.map((name) => `#${name}=`);

/** Every variable of every process by name: a value is a deployment's own matter (OPS-115). */
export function envExample(all: readonly Described[]): string {
  const parts = all.map(({ name, folder, variables }) => {
    const own = variables.filter((variable) => !commonVariables.includes(variable));
    const names = [operationsPort(name), ...own].toSorted();
    return [`# ${name}: meaning and defaults in ${folder}/README.md`, ...unset(names)];
  });
  const common = ['# every process', ...unset([...commonVariables].toSorted())];
  const head = [
    '# Written by `npm run documents` from what the code reads; `npm run check` compares.',
    '# `npm run -s environment > .env` writes those of a bank on one machine, keys included.',
  ];
  return `${[head, common, ...parts].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

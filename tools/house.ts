import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployables } from './distributed/processes.ts';
import { root, schemaFiles, subgraphs } from './generate/units.ts';
import { addressProblems } from './house/addresses.ts';
import { copiedProblems, shownCopies } from './house/copied-fields.ts';
import { crossingProblems, excusedCrossings } from './house/crossing-fields.ts';
import { callProblems, wiringProblems } from './house/outbound-calls.ts';
import { record } from './services/record.ts';
import { variablesOf } from './services/variables-of.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What runs in production: no tests, no kit for tests, nothing that was generated. */
function sources() {
  const list = ['ls-files', '-co', '--exclude-standard', '--', '*.ts'];
  const paths = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\n');
  const isOurs = /^(packages\/(?!testkit\/)|subgraphs\/|services\/|gateways\/)[^/]+\/src\//;
  const shipped = paths.filter((path) => isOurs.test(path) && !path.endsWith('.test.ts'));
  return Object.fromEntries(
    shipped.filter((path) => existsSync(join(root, path))).map((path) => [path, read(path)]),
  );
}

const schemaOf = (context: string): string => schemaFiles(context).map(read).join('\n');

const schemasOf = (contexts: readonly string[]) =>
  Object.fromEntries(contexts.map((context) => [context, schemaOf(context)]));

function entityOwners(): ReadonlyMap<string, string> {
  const entities = record.filter(({ isInner }) => !isInner);
  return new Map(entities.map(({ entity, owner }) => [entity, owner]));
}

async function wired() {
  const inside = deployables.filter(
    ({ main, outside }) => !outside && main.endsWith('/src/main.ts'),
  );
  return Promise.all(
    inside.map(async ({ name, main }) => {
      const folder = main.replace(/\/src\/main\.ts$/, '');
      return {
        ...{ name, isGateway: folder.startsWith('gateways/') },
        variables: await variablesOf(folder),
      };
    }),
  );
}

const shipped = sources();
const problems = [
  ...crossingProblems({
    ...{ schemas: schemasOf(subgraphs), ownerOf: entityOwners(), excused: excusedCrossings },
  }),
  ...copiedProblems(schemasOf(Object.keys(shownCopies))),
  ...addressProblems(shipped),
  ...callProblems(shipped),
  ...wiringProblems(await wired()),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../bench/facts.ts';
import { deployables } from '../distributed/processes.ts';
import { root } from '../generate/units.ts';
import { availabilityOf, databaseUptime, givenUptime, paths, uptimeOf } from './availability.ts';
import { type Description, descriptions, folderOf } from './descriptions.ts';
import { entitiesOf } from './entities.ts';
import { envExample } from './env-example.ts';
import { ownersPage } from './owners.ts';
import { inCode, problemsOf } from './problems.ts';
import { recordPage } from './record-page.ts';
import { variablesOf } from './variables-of.ts';

export type Described = Description & { readonly folder: string };

/** Each description with the folder that it describes. */
export const folders = (): readonly Described[] => {
  const described = descriptions();
  return deployables.flatMap(({ name, main }) => {
    const own = described.find((one) => one.name === name);
    return own ? [{ ...own, folder: folderOf(main) }] : [];
  });
};

const link = (text: string, file: string) => `[${text}](../${file})`;
const linksOf = ({ links, folder }: Described): string =>
  [...Object.entries(links), ['metadata', `${folder}/service.yml`] as const]
    .map(([what, file]) => link(what, file))
    .join(', ');

/** Who hears whom: the owners of the events that come in, and those who hear what goes out. */
function neighbours({ name, eventsIn, eventsOut }: Description, all: readonly Described[]) {
  const ownersOf = (events: readonly string[]) => events.map((event) => event.split('.')[0] ?? '');
  const upstream = new Set(ownersOf(eventsIn).filter((owner) => owner !== name));
  const downstream = all.filter((one) => one.eventsIn.some((event) => eventsOut.includes(event)));
  const told = (list: readonly string[]) => (list.length === 0 ? '–' : list.join(', '));
  return {
    upstream: told([...upstream].toSorted()),
    downstream: told(downstream.map((one) => one.name).toSorted()),
  };
}

const version = (manifest: string, name: string): string =>
  JSON.parse(readFileSync(join(root, manifest), 'utf8')).devDependencies[name];

/** Every deployable on one page: what it is, whose it is, what it needs and who needs it. */
function servicesPage(all: readonly Described[]): string {
  const head = ['process', 'what for', 'language', 'class', 'team', 'events from', 'events to'];
  const overview = all.map((one) => {
    const { upstream, downstream } = neighbours(one, all);
    const { name, description, language, criticality, team } = one;
    return [name, description, language, criticality, team, upstream, downstream];
  });
  const classes = all.map(({ name, criticality, whileDown, stillWorks }) => [
    ...[name, criticality, whileDown, stillWorks],
  ]);
  const parts = all.map((one) =>
    [
      `## ${one.name}`,
      '',
      `Team ${one.team}; escalation: ${one.escalation}. ${linksOf(one)}.`,
      '',
      table([
        ['dependency', 'while it is away'],
        ...one.dependencies.map(({ name, fallback }) => [name, fallback]),
      ]),
      '',
      `Variables: ${one.variables.map((name) => `\`${name}\``).join(', ')}.`,
      '',
    ].join('\n'),
  );
  const typescript = version('package.json', 'typescript');
  return `# Services

Written by \`npm run documents\` from each \`service.yml\`, which \`npm run check\` holds against
the code. All are TypeScript ${typescript} on Node, with one lockfile: \`npm outdated\` lists
dependencies that are behind for all of them. None is on trial.

${table([head, ...overview])}

## While one is down

${table([['process', 'class', 'while it is down', 'still works'], ...classes])}

${parts.join('\n')}`;
}

const digits = 3;

/** The objectives, and how available each path of a request is when its parts keep theirs. */
function sloPage(all: readonly Described[]): string {
  const objectives = all.map(({ name, objective: { percentile, underMs, uptimePercent } }) => [
    ...[name, `${percentile} % under ${underMs} ms`, `${uptimePercent} %`],
    ((100 - uptimePercent) * 0.01 * 30 * 24 * 60).toFixed(1),
  ]);
  const lines = paths.map((path) => {
    const percent = availabilityOf(path, all);
    const minutes = ((100 - percent) * 0.01 * 30 * 24 * 60).toFixed(0);
    return [path.what, path.parts.join(', '), `${percent.toFixed(digits)} %`, minutes];
  });
  const given = Object.entries(givenUptime).map(([name, percent]) => `${name} ${percent} %`);
  const down = 'minutes of 30 days';
  return `# Objectives

Written by \`npm run documents\` from each \`service.yml\`: thresholds are changed there, and
benches and alerts read them there.

${table([['process', 'requests', 'uptime', `down at most, ${down}`], ...objectives])}

## Availability of each path

A path is up when all its parts are: their shares multiply, as six parts at 99.9 % give 99.4 %.
What may be missing from an answer is no part of its path. A database counts ${databaseUptime} %;
what no file of ours describes is taken as ${given.join(', ')}. Whatever is behind a queue may be
late without being lost: "in time" asks for it at that moment.

${table([['to', 'all of these must be up', 'availability', `down, ${down}`], ...lines])}

The weakest part of a filled order is ${weakest(all)}.
`;
}

function weakest(all: readonly Described[]): string {
  const filled = paths.find(({ what }) => what === 'place an order: filled in time');
  const parts = (filled?.parts ?? []).map((part) => [part, uptimeOf(part, all)] as const);
  const [part = '', percent = 0] = parts.toSorted(([, a], [, b]) => a - b)[0] ?? [];
  return `${part}, at ${percent} %`;
}

const folderOfEach = (all: readonly Described[]) =>
  Object.fromEntries(all.map(({ name, folder }) => [name, folder]));

/**
 * Path from the root to text.
 * @throws Error that names everything in which a `service.yml` and the code disagree
 */
export async function servicePages(): Promise<ReadonlyMap<string, string>> {
  const all = folders();
  const problems = await Promise.all(
    all.map(async (one) => problemsOf(one, inCode(one.name, await variablesOf(one.folder)))),
  );
  if (problems.flat().length > 0) throw new Error(problems.flat().join('\n'));
  return new Map([
    ['.env.example', envExample(all)],
    ['.github/CODEOWNERS', ownersPage(all, (folder) => existsSync(join(root, folder)))],
    ['docs/services.md', servicesPage(all)],
    ['docs/slo.md', sloPage(all)],
    ['docs/system-of-record.md', recordPage(entitiesOf(folderOfEach(all)))],
  ]);
}

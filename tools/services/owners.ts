import type { Description } from './descriptions.ts';

type Owned = Pick<Description, 'name' | 'team'> & { readonly folder: string };

/** Whose everything is that no single process has: packages, tools, tests, deployment. */
export const commonTeam = 'platform';
const handle = (team: string): string => `@simplebank/${team}`;

/** The folders that go with a process, besides its own. */
const beside: Readonly<Record<string, readonly string[]>> = {
  mobile: ['clients/examples/mobile'],
  web: ['clients/examples/web'],
};

/** `.github/CODEOWNERS`: one line for a path, and of several that fit the last one counts. */
export function ownersPage(all: readonly Owned[], exists: (folder: string) => boolean): string {
  const lines = all.flatMap(({ name, team, folder }) =>
    [folder, `prisma/${name}`, ...(beside[name] ?? [])]
      .filter(exists)
      .map((path) => `/${path}/ ${handle(team)}`),
  );
  return `# Written by \`npm run documents\` from the teams in each service.yml.
* ${handle(commonTeam)}
${lines.join('\n')}
`;
}

/** The teams that a page gives a path to: one, or the page is wrong. */
export function teamsOf(path: string, page: string): readonly string[] {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const fitting = lines
    .map((line) => line.split(/\s+/))
    .filter(([pattern = '']) => pattern === '*' || `/${path}`.startsWith(pattern));
  const [, ...teams] = fitting.at(-1) ?? [];
  return teams.map((team) => team.replace(handle(''), ''));
}

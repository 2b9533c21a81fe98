import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../generate/units.ts';
import { folders } from './documents.ts';
import { commonTeam, ownersPage, teamsOf } from './owners.ts';

const page = readFileSync(join(root, '.github/CODEOWNERS'), 'utf8');
const teams = new Set([commonTeam, ...folders().map(({ team }) => team)]);
const tracked = () =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '');

test('every path has exactly one owning team, and it is one that there is', () => {
  const wrong = tracked().filter((path) => {
    const [team, ...others] = teamsOf(path, page);
    return team === undefined || !teams.has(team) || others.length > 0;
  });
  expect(wrong).toEqual([]);
});

test('what belongs to a process is of the team that its description names', () => {
  for (const { name, folder, team } of folders()) {
    expect([name, teamsOf(`${folder}/service.yml`, page)]).toEqual([name, [team]]);
  }
  expect(teamsOf('prisma/orders/schema.prisma', page)).toEqual(['trading']);
  expect(teamsOf('packages/chassis/package.json', page)).toEqual([commonTeam]);
});

test('a path of nobody, and one of two teams, are found', () => {
  const all = [{ name: 'orders', team: 'trading', folder: 'subgraphs/orders' }];
  const own = ownersPage(all, (folder) => folder === 'subgraphs/orders');
  expect(teamsOf('subgraphs/orders/src/main.ts', own)).toEqual(['trading']);
  expect(teamsOf('subgraphs/orders-old/main.ts', own)).toEqual([commonTeam]);
  expect(teamsOf('README.md', own.replace(/^\*.*$/m, ''))).toEqual([]);
  expect(teamsOf('README.md', own.replace(/^\*.*$/m, '* @simplebank/a @simplebank/b'))).toEqual([
    ...['a', 'b'],
  ]);
});

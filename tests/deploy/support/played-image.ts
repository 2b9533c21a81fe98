import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { z } from 'zod';
import { environmentOf, execForm, lastOf, lineage, type Stage, stagesOf } from './dockerfile.ts';
import { pathOf, textOf } from './files.ts';

/** What a target would hold, in a folder, and how it would be run. */
export type PlayedImage = {
  /** Stands for `/bank`, the working folder. */
  readonly folder: string;
  /** Stands for `/tmp`, which is memory. */
  readonly temporary: string;
  readonly command: readonly string[];
  readonly health: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

const ignored = textOf('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  // The build stage makes these; here they are those of the checkout.
  .filter((line) => line !== '**/src/generated');

const isIgnored = (path: string): boolean =>
  ignored.some((pattern) => path === pattern || matchesGlob(path, pattern));

/** A hard link where the file system allows it: nothing is written, so nothing is copied. */
function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(to)) return;
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

type Skip = (path: string) => boolean;

function putTree(from: string, to: string, skips: Skip): void {
  if (lstatSync(pathOf(from)).isFile()) {
    put(pathOf(from), to);
    return;
  }
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(pathOf(from), { withFileTypes: true })) {
    const path = `${from}/${entry.name}`;
    if (skips(path)) continue;
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(pathOf(path)), join(to, entry.name));
    else putTree(path, join(to, entry.name), skips);
  }
}

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), link: z.boolean().optional() }),
  ),
});

/** The dependencies of the image before, which are those of every image: its layer is shared. */
let spare: string | null = null;

/** To be called after the last image. */
export function forgetImages(): void {
  if (spare) rmSync(dirname(spare), { recursive: true, force: true });
  spare = null;
}

function keepModules(folder: string): void {
  const modules = join(folder, 'node_modules');
  if (spare || !existsSync(modules)) return;
  spare = join(mkdtempSync(join(tmpdir(), 'simplebank-modules-')), 'node_modules');
  renameSync(modules, spare);
}

/** What `npm install --omit=dev` leaves, as the lockfile says: nothing for developers alone. */
function putProduction(folder: string): void {
  if (spare) {
    renameSync(spare, join(folder, 'node_modules'));
    rmSync(dirname(spare), { recursive: true, force: true });
    spare = null;
    return;
  }
  installed('node_modules/', folder);
}

/** Packages of the lockfile under a place, without those that only developers need. */
function installed(place: string, folder: string): void {
  const { packages } = lock.parse(JSON.parse(textOf('package-lock.json')));
  const inner: Skip = (path) => path.endsWith('/node_modules');
  for (const [path, { dev, link }] of Object.entries(packages)) {
    const isThere = path.startsWith(place) && path.includes('node_modules/');
    if (!isThere || dev || !existsSync(pathOf(path))) continue;
    const to = join(folder, path);
    if (link) {
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(readlinkSync(pathOf(path)), to);
    } else putTree(path, to, inner);
  }
}

function play(stage: Stage, folder: string): void {
  for (const { word, rest } of stage.instructions) {
    if (word !== 'COPY') continue;
    const [, from = '', source = '', target = ''] =
      /^--from=(\w+) \/bank\/(\S+) (\S+)$/.exec(rest) ?? [];
    if (from === 'production') {
      if (source === 'node_modules') putProduction(folder);
      else installed(`${source}/`, folder);
      continue;
    }
    if (from !== 'build') throw new Error(`a copy that this reader does not know: ${rest}`);
    const to = target === './' ? join(folder, source) : join(folder, target);
    putTree(source, to, (path) => isIgnored(path) || path.endsWith('/node_modules'));
  }
}

/** Plays the copies of a target into a folder outside the checkout. */
export function playImage(target: string): PlayedImage {
  const stages = stagesOf(textOf('deploy/images/Dockerfile'));
  const home = mkdtempSync(join(tmpdir(), 'simplebank-image-'));
  const [folder, temporary] = [join(home, 'bank'), join(home, 'tmp')];
  const remove = () => {
    keepModules(folder);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    chmodSync(home, 0o755);
    mkdirSync(folder);
    mkdirSync(temporary);
    chmodSync(temporary, 0o1777);
    const own = lineage(stages, target);
    for (const stage of own.slice(own.findIndex(({ name }) => name === 'runtime'))) {
      play(stage, folder);
    }
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  const health = lastOf(stages, target, 'HEALTHCHECK') ?? '';
  return {
    ...{ folder, temporary, remove },
    command: execForm(lastOf(stages, target, 'CMD') ?? '') ?? [],
    health: execForm(/CMD (\[.*)$/.exec(health)?.[1] ?? ''),
    environment: environmentOf(stages, target),
  };
}

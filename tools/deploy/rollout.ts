import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import type { Judgement } from './canary.ts';

/** Runs `kubectl` with these arguments; answers what it printed, throws when it fails. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

export type Release = {
  readonly kubectl: Kubectl;
  readonly name: string;
  readonly version: string;
  readonly say: (line: string) => void;
};

export const environments = ['staging', 'production'] as const;
export type EnvironmentName = (typeof environments)[number];

const overlay = (name: string) => `deploy/kubernetes/overlays/${name}`;
const namespaceOf = (environment: EnvironmentName) => `simplebank-${environment}`;

const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});
type KubernetesObject = z.infer<typeof object>;

/** The objects of a stream of YAML documents. */
export const objectsIn = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).map((document) => object.parse(document.toJS()));

/** What belongs to one process, and what all share and none owns. */
const isWanted = (name: string) => (one: KubernetesObject) =>
  one.kind === 'ConfigMap' || one.metadata.labels?.['app'] === name || one.metadata.name === name;

const tagged = (version: string, name: string) => {
  const image = new RegExp(`("?image"?: \\S+/${name}):[\\w.-]+`, 'g');
  return (text: string) =>
    text.replace(image, `$1:${version}`).replace(/(\bversion: ).*/g, `$1"${version}"`);
};

/** The objects of an overlay for one release of one process, as text for `kubectl apply`. */
async function rendered(release: Release, folder: string, app = release.name): Promise<string> {
  const { kubectl, version } = release;
  const objects = objectsIn(await kubectl(['kustomize', folder])).filter(isWanted(app));
  const text = objects.map((one) => stringify(one, { lineWidth: 0 })).join('---\n');
  return tagged(version, app)(text);
}

/** Once per release, before any pod of it: the job of the release before makes room. */
async function migrate(release: Release, environment: EnvironmentName): Promise<void> {
  const { kubectl, say } = release;
  const inSpace = ['--namespace', namespaceOf(environment)];
  say(`${environment}: migrations`);
  await kubectl([...inSpace, 'delete', 'job', 'migrate', '--ignore-not-found', '--wait']);
  const job = await rendered(release, `${overlay(environment)}/migrate`, 'migrate');
  await kubectl(['apply', '-f', '-'], job);
  await kubectl([...inSpace, 'wait', '--for=condition=complete', 'job/migrate', '--timeout=900s']);
}

const statusOf = (environment: EnvironmentName, deployment: string) => [
  ...['--namespace', namespaceOf(environment), 'rollout', 'status'],
  ...[`deployment/${deployment}`, '--timeout=300s'],
];

/**
 * Migrates, applies and waits. A rollout that does not end is undone.
 * @throws what kubectl failed with
 */
export async function rollOut(release: Release, environment: EnvironmentName): Promise<void> {
  const { kubectl, name, version, say } = release;
  await migrate(release, environment);
  say(`${environment}: ${name} ${version}`);
  await kubectl(['apply', '-f', '-'], await rendered(release, overlay(environment)));
  try {
    await kubectl(statusOf(environment, name));
  } catch (error) {
    say(`${environment}: ${name} did not become ready and goes back`);
    await undo(release, environment);
    throw error;
  }
}

/** Back to the release before, at once. */
export async function undo({ kubectl, name }: Release, environment: EnvironmentName) {
  const inSpace = ['--namespace', namespaceOf(environment)];
  await kubectl([...inSpace, 'rollout', 'undo', `deployment/${name}`]);
  await kubectl(statusOf(environment, name));
}

/** Takes the canary of a process away; nothing happens when there is none. */
export async function removeCanary({ kubectl, name }: Release): Promise<void> {
  const selector = `app=${name},track=canary`;
  const inSpace = ['--namespace', namespaceOf('production')];
  await kubectl([...inSpace, 'delete', 'deployment', '-l', selector, '--ignore-not-found']);
}

export type Watching = {
  /** Compares the canary with what runs beside it. */
  readonly judge: () => Promise<Judgement>;
  readonly pause: () => Promise<void>;
  /** How often it is judged at most; one that is never promoted is rolled back. */
  readonly looksMax: number;
};

/**
 * One pod of the release beside the others, until it is promoted.
 * @throws Error when it is rolled back, with the reason; the canary is gone then in any case
 */
export async function runCanary(release: Release, watching: Watching): Promise<void> {
  const { kubectl, name, say } = release;
  await migrate(release, 'production');
  try {
    await kubectl(['apply', '-f', '-'], await rendered(release, overlay('canary')));
    await kubectl(statusOf('production', `${name}-canary`));
    await watch(watching, say);
  } finally {
    await removeCanary(release);
  }
}

async function watch({ judge, pause, looksMax }: Watching, say: Release['say']): Promise<void> {
  for (let look = 1; look <= looksMax; look++) {
    // One look after the other: each asks about the minutes before it.
    await pause();
    const { decision, reason } = await judge();
    say(`canary: ${decision} (${reason})`);
    if (decision === 'promote') return;
    if (decision === 'roll back') throw new Error(`the canary was rolled back: ${reason}`);
  }
  throw new Error(`the canary was not promoted after ${looksMax} looks`);
}

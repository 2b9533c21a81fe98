import type { Environment } from '../embedded/settings.ts';
import { type Balancer, openBalancer } from './balancer.ts';
import { createInstance, type Startable } from './instance.ts';
import type { LineListener } from './log-lines.ts';
import { type ReservedPorts, reservePorts } from './ports.ts';
import { type Deployable, deployableOf, deployables, operationsVariableOf } from './processes.ts';

const loopback = '127.0.0.1';
const urlAt = (port: number): string => `http://${loopback}:${port}`;

/** Where one instance will listen. */
type Seat = { readonly port: number | null; readonly operationsPort: number };

export type CrewWishes = {
  /** How many of each; 0 leaves it out for now. */
  readonly copiesOf: (name: string) => number;
  /** Whether its callers come through a round robin. */
  readonly isBalanced: (name: string) => boolean;
  /** A port that somebody wished for, for the door of the first or for the round robin. */
  readonly portOf: (name: string) => number | undefined;
  /** The file that Node runs for a process. */
  readonly programOf: (name: string) => string;
  readonly onLine: LineListener;
  readonly readyWithinMs: number;
};

type Post = {
  readonly deployable: Deployable;
  readonly free: Seat[];
  readonly balancer: Balancer | null;
  /** Where callers find it. */
  readonly door: string | null;
  count: number;
};

/** Every address of a fleet, fixed before the first process starts. */
export type Crew = {
  readonly doors: Readonly<Record<string, string>>;
  readonly smtpPort: number;
  /** Operations addresses of those without a door, where a gateway asks how they are. */
  readonly workers: Readonly<Record<string, string>>;
  readonly balancers: Readonly<Record<string, Balancer>>;
  /** One more instance of that name, not started; `more` is for it alone. */
  readonly enlist: (name: string, env: Environment, more: Environment) => Promise<Startable>;
  /** Lets go of the ports, for the processes to take. */
  readonly release: () => Promise<void>;
  readonly close: () => Promise<void>;
};

async function takeSeat(ports: ReservedPorts, { portVariable }: Deployable, wished?: number) {
  const port = portVariable === null ? null : (wished ?? (await ports.next()));
  return { port, operationsPort: await ports.next() };
}

async function openPost(ports: ReservedPorts, deployable: Deployable, wishes: CrewWishes) {
  const { name, portVariable } = deployable;
  const wished = wishes.portOf(name);
  const balanced = portVariable !== null && wishes.isBalanced(name);
  const balancer = balanced ? await openBalancer(wished ?? 0) : null;
  const free: Seat[] = [];
  for (let left = Math.max(wishes.copiesOf(name), 1); left > 0; left--) {
    const own = free.length === 0 && !balanced ? wished : undefined;
    free.push(await takeSeat(ports, deployable, own));
  }
  const [first] = free;
  const door = balancer?.url ?? (first?.port == null ? null : urlAt(first.port));
  return { deployable, free, balancer, door, count: 0 } satisfies Post;
}

const doorsOf = (posts: readonly Post[]) =>
  Object.fromEntries(
    posts.flatMap(({ deployable, door }) => (door === null ? [] : [[deployable.name, door]])),
  );

const balancersOf = (posts: readonly Post[]) =>
  Object.fromEntries(
    posts.flatMap(({ deployable, balancer }) => (balancer ? [[deployable.name, balancer]] : [])),
  );

/** Of several instances none tells how the process does, so that only single ones are named. */
const workersOf = (posts: readonly Post[], copiesOf: CrewWishes['copiesOf']) =>
  Object.fromEntries(
    posts.flatMap(({ deployable: { name, portVariable }, free: [seat] }) =>
      portVariable === null && copiesOf(name) === 1 && seat
        ? [[name, urlAt(seat.operationsPort)]]
        : [],
    ),
  );

function portsOf({ name, portVariable }: Deployable, { port, operationsPort }: Seat): Environment {
  const door = portVariable === null ? {} : { [portVariable]: String(port) };
  return { ...door, [operationsVariableOf(name)]: String(operationsPort) };
}

/** Reserves every port of a fleet and opens its round robins. */
export async function openCrew(wishes: CrewWishes): Promise<Crew> {
  const ports = reservePorts();
  const posts: Post[] = [];
  for (const each of deployables) posts.push(await openPost(ports, each, wishes));
  const smtpPort = await ports.next();

  async function enlist(name: string, env: Environment, more: Environment): Promise<Startable> {
    const post = posts.find(({ deployable }) => deployable === deployableOf(name));
    if (!post) throw new Error(`There is no process ${name}.`);
    const seat = post.free.shift() ?? (await takeSeat(ports, post.deployable));
    const url = seat.port === null ? null : urlAt(seat.port);
    const operationsUrl = urlAt(seat.operationsPort);
    if (url) post.balancer?.add({ url, operationsUrl });
    return createInstance({
      ...{ name, url, operationsUrl, index: post.count++, main: wishes.programOf(name) },
      env: { ...env, ...more, ...portsOf(post.deployable, seat) },
      onLine: wishes.onLine,
      readyWithinMs: wishes.readyWithinMs,
    });
  }
  return {
    doors: doorsOf(posts),
    smtpPort,
    workers: workersOf(posts, wishes.copiesOf),
    balancers: balancersOf(posts),
    enlist,
    release: ports.release,
    close: async () => {
      await ports.release();
      await Promise.all(posts.map(({ balancer }) => balancer?.close()));
    },
  };
}

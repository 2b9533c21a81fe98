import type { Station } from './bank.ts';
import { type Line, wordsOf } from './hearing.ts';
import { keep, LawBroken } from './laws.ts';
import { confirmed } from './laws-in-doubt.ts';
import { lawsOf } from './laws-of-contexts.ts';
import type { Crash } from './wire.ts';
import type { World } from './world.ts';

/** What became of a step: its answer, or that the process died in it, or after it. */
export type Outcome<T> =
  | { readonly kind: 'DONE'; readonly answer: T }
  | { readonly kind: 'FAILED' }
  | { readonly kind: 'CRASHED' };

/** Of a kind of step that was never done before. */
const usualStatements = 6;
/** Of crashes, that all is done and nobody knows yet. */
const afterAll = 0.25;

/** Where a process dies in this step, if it does. */
function crashOf({ calm, planned, dice, profile, usual }: World, kind: string): Crash | null {
  if (planned) return planned(kind);
  if (calm || !dice.flip(profile.crash)) return null;
  const when = dice.flip(0.5) ? 'BEFORE' : 'AFTER';
  if (dice.flip(afterAll)) return { statement: Number.POSITIVE_INFINITY, when };
  return { statement: dice.between(1, usual.get(kind) ?? usualStatements), when };
}

/**
 * One step of one context, from its first statement to its last. It may crash at any statement, or
 * when it is through and nobody knows yet; then the process begins anew. What the step left behind
 * in the database is held to the laws.
 */
export async function act<T>(
  world: World,
  { station, label }: { readonly station: Station; readonly label: string },
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  const { wire, left, context } = station;
  const kind = `${context} ${label.split(' ')[0]}`;
  const crash = crashOf(world, kind);
  begin(world, `${context} ${label}`);
  wire.arm(crash);
  left.written = false;
  const outcome = await tried(world, work);
  const dead = wire.crashed() || crash !== null;
  if (dead) {
    countCrash(world, station);
    await station.restart();
    station.hearing.heard();
  } else {
    world.usual.set(kind, wire.count());
    listen(station.hearing.heard(), outcome);
  }
  if (left.written) await lookAt(world, station);
  return dead ? { kind: 'CRASHED' } : outcome;
}

function countCrash({ trace, tally }: World, { wire }: Station): void {
  trace.note(wire.crashed() ? '  crashed' : '  crashed after the last statement');
  if (!wire.crashed()) tally.count('crashes before the acknowledgement');
  else tally.count(wire.committed() ? 'crashes after a commit' : 'crashes mid-statement');
}

export function begin(world: World, label: string): void {
  world.step += 1;
  world.trace.note(`${world.step} ${world.clock.now().toISOString()} ${label}`);
}

type Tried<T> = { kind: 'DONE'; answer: T } | { kind: 'FAILED'; error: unknown };

async function tried<T>({ trace }: World, work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'DONE', answer: await work() };
  } catch (error) {
    trace.note(`  failed: ${wordsOf(error)}`);
    return { kind: 'FAILED', error };
  }
}

/** What a process may say when the outside parties misbehave. */
const expectedCodes: ReadonlySet<string> = new Set([
  ...['PROVIDER_FAILED', 'CIRCUIT_OPEN', 'STUCK_ORDERS'],
]);
const outside = /the (exchange|provider|call|answer) (does not answer|goes down|was|of)/;

/** A process that warns of anything else than outside parties has met what must not be. */
function listen(lines: readonly Line[], outcome: Tried<unknown>): void {
  const strange = lines.find(({ code, cause }) => !expectedCodes.has(code) && !outside.test(cause));
  if (strange) {
    const { code, message, cause } = strange;
    throw new LawBroken('no process meets the unexpected', `${code} ${message} ${cause}`);
  }
  if (outcome.kind === 'FAILED' && !outside.test(wordsOf(outcome.error))) {
    throw new LawBroken('no step fails', wordsOf(outcome.error));
  }
}

async function lookAt({ grounds }: World, { context }: Station): Promise<void> {
  const check = lawsOf[context];
  if (check) keep(await confirmed(grounds, await grounds[context].look(check.name, check.text)));
}

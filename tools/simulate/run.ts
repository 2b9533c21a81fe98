import { countRun } from './coverage.ts';
import type { Grounds } from './grounds.ts';
import { wordsOf } from './hearing.ts';
import { LawBroken } from './laws.ts';
import { settle } from './people.ts';
import { type Length, play } from './play.ts';
import { comeToRest, nothingLeft } from './quiet.ts';
import { reconcile } from './reconcile.ts';
import { chargesAgree } from './reconcile-charges.ts';
import { createTrace } from './trace.ts';
import { closeWorld, openWorld, type World } from './world.ts';

export type Verdict = {
  readonly seed: number;
  /** Null when every law was kept. */
  readonly broken: { readonly law: string; readonly step: number; readonly by: string } | null;
  readonly steps: number;
  /** Equal for two runs only if they did the same, statement by statement. */
  readonly hash: string;
  readonly tail: readonly string[];
  /** What happened in it, by kind. */
  readonly counts: Readonly<Record<string, number>>;
};

export type RunOptions = Length & {
  readonly seed: number;
  readonly grounds: Grounds;
  /** Hears every line of the trace. */
  readonly hear?: (line: string) => void;
};

/** One seed from its first step to its books. Every chance in it comes from the seed. */
export async function run({ seed, grounds, hear, ...length }: RunOptions): Promise<Verdict> {
  const trace = createTrace(hear);
  const random = Math.random;
  const world = await openWorld(seed, grounds, trace);
  Math.random = world.dice.chance;
  try {
    await settle(world);
    await play(world, length);
    await comeToRest(world);
    await nothingLeft(world);
    await reconcile(world);
    await chargesAgree(world);
    await countRun(world);
    return verdict(world, null);
  } catch (error) {
    return verdict(world, error);
  } finally {
    Math.random = random;
    await closeWorld(world);
  }
}

function verdict({ seed, step, trace, tally }: World, error: unknown): Verdict {
  const law = error instanceof LawBroken ? error.law : 'the run goes through';
  const broken = error === null ? null : { law, step, by: wordsOf(error) };
  if (error !== null) trace.note(`broken: ${wordsOf(error)}`);
  return { seed, broken, steps: step, hash: trace.hash(), tail: trace.tail(), counts: tally.all() };
}

import { overSse } from '../../e2e/followers.ts';
import { followers, type Matrix } from './matrix.ts';
import { type Door, inTurns, letterOf } from './outcomes.ts';
import type { Probes } from './probes.ts';
import { type Question, questionOf } from './question.ts';

type Told = { readonly errors?: Parameters<typeof letterOf>[0] };

/** What the first thing that is told says, over server-sent events. */
async function firstTold(door: Door, { text: query, variables }: Question): Promise<string> {
  try {
    for await (const answer of overSse(door, { query, variables })) {
      return letterOf((answer as Told).errors ?? []) ?? 'Y';
    }
    return 'nothing was told';
  } catch (error) {
    const { errors = [] } = JSON.parse((error as Error).message) as Told;
    return letterOf(errors) ?? 'refused without an error';
  }
}

/** What each follower of each subscription is told first, a letter each, by subscription. */
export async function streamOutcomes(
  matrix: Matrix,
  at: Probes,
): Promise<Readonly<Record<string, string>>> {
  const names = Object.keys(matrix).filter((name) => name.startsWith('Subscription.'));
  const outcomes = await inTurns(names, async (name) => {
    const question = questionOf(at.schema, name, at.samples);
    const letters: string[] = [];
    for (const asker of followers) {
      letters.push(await firstTold(await at.doorOf(asker, null), question));
    }
    return [name, letters.join('')] as const;
  });
  return Object.fromEntries(outcomes);
}

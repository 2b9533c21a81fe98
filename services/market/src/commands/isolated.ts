import { VenueRefusedCall } from '../venue.ts';

export type Isolated<T, A> = { readonly answers: readonly A[]; readonly refused: readonly T[] };

/**
 * Calls with all at once. When the venue does not understand the call, halves find the ones that it
 * refuses even alone, so that they keep nobody else waiting: one among 200 costs 16 calls. Any
 * other failure is thrown.
 */
export async function isolated<T, A>(
  items: readonly T[],
  call: (items: readonly T[]) => Promise<readonly A[]>,
): Promise<Isolated<T, A>> {
  try {
    return { answers: await call(items), refused: [] };
  } catch (error) {
    if (!(error instanceof VenueRefusedCall) || !error.isAboutContent) throw error;
    if (items.length === 1) return { answers: [], refused: items };
    const middle = Math.ceil(items.length / 2);
    // One after the other: a venue that refuses is not called twice at once.
    const first = await isolated(items.slice(0, middle), call);
    const second = await isolated(items.slice(middle), call);
    return {
      answers: [...first.answers, ...second.answers],
      refused: [...first.refused, ...second.refused],
    };
  }
}

const refusalsMax = 5;
const firstPauseMs = 1_000;

/** What is refused alone this often counts as rejected; until then the pauses double. */
export const isHopeless = ({ attempts }: { readonly attempts: number }): boolean =>
  attempts >= refusalsMax;

export const pauseMsAfter = ({ attempts }: { readonly attempts: number }): number =>
  firstPauseMs * 2 ** (attempts - 1);

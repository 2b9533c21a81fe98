/** Counts what really happened, so that a run that looks green has something to show. */
export type Tally = {
  readonly count: (kind: string, times?: number) => void;
  readonly all: () => Readonly<Record<string, number>>;
};

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    count(kind, times = 1) {
      if (times > 0) counts.set(kind, (counts.get(kind) ?? 0) + times);
    },
    all: () => Object.fromEntries(counts),
  };
}

/** What each of `kinds` came to over all runs, in one line; those that never happened are told. */
export function lineOf(kinds: readonly string[], total: Tally): string {
  const all = total.all();
  return kinds.map((kind) => `${kind} ${all[kind] ?? 0}`).join(', ');
}

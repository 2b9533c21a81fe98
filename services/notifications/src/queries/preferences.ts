import { findPreferences } from '../data/preferences.ts';
import type { Deps } from '../deps.ts';
import { kinds } from '../domain/kinds.ts';
import { isWanted, type Preference } from '../domain/preference.ts';

/** What the customer is told, chosen or by default, for every kind and offered channel. */
export async function preferencesOf(
  { db, channels }: Pick<Deps, 'db' | 'channels'>,
  customerId: string,
): Promise<readonly Preference[]> {
  const chosen = await findPreferences(db, customerId);
  return kinds.flatMap((kind) =>
    channels.map(({ name: channel }) => {
      const own = chosen.find((one) => one.kind === kind && one.channel === channel);
      return { kind, channel, enabled: isWanted(kind, own?.enabled ?? null) };
    }),
  );
}

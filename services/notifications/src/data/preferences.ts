import type { ChannelName, Kind } from '../domain/kinds.ts';
import type { Preference } from '../domain/preference.ts';
import type { Database, Tx } from './client.ts';

/** Only what the customer has chosen. */
export async function findPreferences(
  db: Database,
  customerId: string,
): Promise<readonly Preference[]> {
  const rows = await db.preference.findMany({ where: { customerId } });
  return rows.map(({ kind, channel, enabled }) => {
    return { kind: kind as Kind, channel: channel as ChannelName, enabled };
  });
}

export type Choice = Preference & { readonly customerId: string; readonly changedAt: Date };

/** The last choice counts. */
export async function savePreference(tx: Tx, choice: Choice): Promise<void> {
  const { customerId, kind, channel, enabled, changedAt } = choice;
  await tx.preference.upsert({
    where: { customerId_kind_channel: { customerId, kind, channel } },
    create: choice,
    update: { enabled, changedAt },
  });
}

export type Listener = { readonly customerId: string; readonly channel: ChannelName };

/** Who has asked to hear of new strategies, and over which of these channels. */
export async function findAudience(
  tx: Tx,
  channels: readonly ChannelName[],
): Promise<readonly Listener[]> {
  const rows = await tx.preference.findMany({
    where: { kind: 'STRATEGY_CREATED', enabled: true, channel: { in: [...channels] } },
    select: { customerId: true, channel: true },
  });
  return rows.map((row) => ({ ...row, channel: row.channel as ChannelName }));
}

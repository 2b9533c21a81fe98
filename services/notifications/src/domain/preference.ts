import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { ChannelName, Kind } from './kinds.ts';

/** Whether a customer wants one kind of news over one channel. */
export type Preference = {
  readonly kind: Kind;
  readonly channel: ChannelName;
  readonly enabled: boolean;
};

export type PreferenceRefusalCode = 'SECURITY_ALWAYS_ON' | 'CHANNEL_NOT_AVAILABLE';

/** A word to everybody is for those who asked; all else is about the customer's own money. */
const offUntilAskedFor: ReadonlySet<Kind> = new Set(['STRATEGY_CREATED']);

/** What holds for a customer who has chosen nothing, over every channel alike. */
const isOnByDefault = (kind: Kind): boolean => !offUntilAskedFor.has(kind);

/** Whether a message may go out, given what the customer has chosen; null for no choice. */
export const isWanted = (kind: Kind, chosen: boolean | null): boolean =>
  kind === 'SECURITY' || (chosen ?? isOnByDefault(kind));

/** Security news cannot be turned off: whoever broke in would do that first. */
export function checkPreference(
  preference: Preference,
  offered: readonly ChannelName[],
): Result<Preference, PreferenceRefusalCode> {
  const { kind, channel, enabled } = preference;
  if (!offered.includes(channel)) return refuse('CHANNEL_NOT_AVAILABLE');
  if (kind === 'SECURITY' && !enabled) return refuse('SECURITY_ALWAYS_ON');
  return ok(preference);
}

import { createHash } from 'node:crypto';

const secretName = /(PRIVATE_KEY|DATA_KEYS|_KEY|KEY|PASSWORD|SECRET|TOKEN)$/i;

/**
 * Tells two configurations apart in a log without telling them: 12 hexadecimal digits over names
 * and values, where secrets, and users and passwords inside addresses, count for nothing.
 */
export const configHash = (config: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(shown('', config)))
    .digest('hex')
    .slice(0, 12);

function shown(name: string, value: unknown): unknown {
  if (secretName.test(name)) return null;
  if (typeof value === 'string') return withoutUser(value);
  if (Array.isArray(value)) return value.map((item) => shown('', item));
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, shown(key, inner)]);
}

function withoutUser(text: string): string {
  if (!text.includes('://') || !URL.canParse(text)) return text;
  return Object.assign(new URL(text), { username: '', password: '' }).href;
}

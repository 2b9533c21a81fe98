import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

type Sent = {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/**
 * The address that a request comes from. Each trusted proxy has added one to the end of
 * `x-forwarded-for`; what stands before those was written by the caller and is not believed.
 */
export function addressOf({ headers, socket }: Sent, trustedProxies: number): string {
  const own = socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return own;
  const named = String(headers['x-forwarded-for'] ?? '').split(',');
  const told = named.at(-trustedProxies)?.trim() ?? '';
  return isIP(told) ? told : own;
}

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const groupsOfNetwork = 4;

/** One caller has a whole IPv6 network of addresses, so its first 64 bits count as one. */
export function networkOf(address: string): string {
  const old = mapped.exec(address)?.[1];
  if (old) return old;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const front = head.split(':').filter((group) => group !== '');
  const back = tail?.split(':').filter((group) => group !== '') ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  const groups = tail === undefined ? front : [...front, ...zeros, ...back];
  const network = groups.slice(0, groupsOfNetwork).map((group) => Number.parseInt(group, 16));
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

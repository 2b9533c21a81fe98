import { connect } from 'node:net';

const patienceMs = 10_000;

/** Deletes every key under a prefix, and nothing of anybody else. */
export async function forgetPrefix(url: string, prefix: string): Promise<void> {
  const database = new URL(url).pathname.slice(1) || '0';
  const script =
    "redis.call('SELECT', ARGV[2]) " +
    "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1";
  const reply = await askRedis(url, ['EVAL', script, '0', `${prefix}:*`, database]);
  if (!reply.startsWith(':1')) throw new Error(`Redis answered ${reply}`);
}

const encoded = (parts: readonly string[]): string =>
  [`*${parts.length}`, ...parts.flatMap((part) => [`$${Buffer.byteLength(part)}`, part]), ''].join(
    '\r\n',
  );

/**
 * One command over the wire, with its short answer as Redis writes it: only the chassis may know a
 * Redis client. Rejects when nobody answers or the password is refused.
 */
export async function askRedis(url: string, command: readonly string[]): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const who = username ? [decodeURIComponent(username)] : [];
  const sign = password ? [encoded(['AUTH', ...who, decodeURIComponent(password)])] : [];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname || '127.0.0.1');
    const end = (act: () => void) => {
      socket.destroy();
      act();
    };
    let heard = '';
    socket.setTimeout(patienceMs, () => end(() => reject(new Error('Redis does not answer'))));
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('data', (data) => {
      heard += data.toString();
      const lines = heard.split('\r\n');
      if (lines.length <= sign.length + 1) return;
      const refused = lines.slice(0, sign.length).find((line) => !line.startsWith('+'));
      end(() => (refused ? reject(new Error(refused)) : resolve(lines[sign.length] ?? '')));
    });
    socket.write(sign.join('') + encoded(command));
  });
}

import { connect } from 'node:net';

/** Deletes every key under a prefix, as a Redis that lost its memory has none of them. */
export async function forgetPrefix(url: string, prefix: string): Promise<void> {
  const database = new URL(url).pathname.slice(1) || '0';
  const script =
    "redis.call('SELECT', ARGV[2]) " +
    "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1";
  const reply = await askRedis(url, ['EVAL', script, '0', `${prefix}:*`, database]);
  if (!reply.startsWith(':1')) throw new Error(`Redis answered ${reply}`);
}

/** One command over the wire: only the chassis may know a Redis client. */
export async function askRedis(url: string, command: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname);
    socket.on('error', reject);
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.end();
    });
    socket.write(`*${command.length}\r\n${parts.join('')}`);
  });
}

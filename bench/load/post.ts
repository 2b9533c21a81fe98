import { Agent, request } from 'node:http';

const requestMsMax = 15_000;
const agent = new Agent({ keepAlive: true });

/** Sends a body of JSON and answers the text of the reply; throws when none comes in 15 s. */
export function post(url: string, authorization: string, body: string): Promise<string> {
  const headers = {
    authorization,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers, timeout: requestMsMax },
      (reply) => {
        let heard = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => {
          heard += chunk;
        });
        reply.on('end', () => resolve(heard));
        reply.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${requestMsMax} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

export const closeConnections = (): void => agent.destroy();

/** Milliseconds since the epoch, finer than the clock that Date reads. */
export const now = (): number => performance.timeOrigin + performance.now();

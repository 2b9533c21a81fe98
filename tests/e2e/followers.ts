import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { BankClient } from '../../tools/bank/client.ts';

export type Answer = {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
};
type Asked = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

type Door = Pick<BankClient, 'url' | 'headers'>;

/** Follows a subscription as it is told, until it ends or is left; throws what ended it. */
export type Follow = (door: Door, asked: Asked) => AsyncGenerator<Answer>;

/** Over WebSocket. To leave it cuts the connection, as a lost network does. */
export const overWebSocket: Follow = async function* (door, asked) {
  const client = createClient({
    url: door.url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { ...door.headers },
  });
  try {
    for await (const answer of client.iterate(asked)) yield answer as Answer;
  } finally {
    client.terminate();
  }
};

/** Over server-sent events. To leave it cuts the connection. */
export const overSse: Follow = async function* (door, { query, variables }) {
  const cut = new AbortController();
  const response = await fetch(door.url, {
    method: 'POST',
    headers: { ...door.headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: cut.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(await response.text());
  try {
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        if (event.includes('event: complete')) return;
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) yield JSON.parse(data) as Answer;
      }
    }
  } finally {
    cut.abort();
  }
};

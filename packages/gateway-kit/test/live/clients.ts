import { WebSocket } from 'ws';

type Message = {
  readonly id?: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are compared whole, not read by field
  readonly payload?: any;
};
type Closed = { readonly code: number; readonly reason: string };

export type Socket = {
  readonly raw: WebSocket;
  readonly send: (message: object) => void;
  /** The next message that was not taken yet. */
  readonly next: () => Promise<Message>;
  readonly closed: Promise<Closed>;
  readonly close: () => void;
};

/** A client that shows every message of the protocol as it comes. */
export function openSocket(url: string, headers: Readonly<Record<string, string>> = {}): Socket {
  const raw = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
  const come: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  raw.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else come.push(message);
  });
  raw.on('error', () => {});
  return {
    raw,
    send: (message) => raw.send(JSON.stringify(message)),
    next: () => {
      const message = come.shift();
      return message ? Promise.resolve(message) : new Promise((take) => waiting.push(take));
    },
    closed: new Promise((resolve) => {
      raw.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    }),
    close: () => raw.terminate(),
  };
}

/** Connected and greeted; `authorization` travels in `connection_init`, as browsers must do it. */
export async function greet(url: string, token?: string): Promise<Socket> {
  const socket = openSocket(url);
  await new Promise((resolve) => socket.raw.once('open', resolve));
  const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
  socket.send({ type: 'connection_init', payload });
  const { type } = await socket.next();
  if (type !== 'connection_ack') throw new Error(`greeted with ${type}`);
  return socket;
}

export const notes = `subscription ($after: String) {
  notes(accountId: "mine", after: $after) { text cursor } }`;

export const subscribe = (id: string, query = notes, variables: object = {}) => ({
  ...{ id, type: 'subscribe' },
  payload: { query, variables },
});

export type Events = {
  readonly status: number;
  readonly headers: Headers;
  /** The next event as its lines, without pings; null once the stream has ended. */
  readonly next: () => Promise<Readonly<Record<string, string>> | null>;
  readonly cut: () => void;
};

/** Server-sent events by POST. */
export async function openEvents(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Events> {
  const control = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    signal: control.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  async function next(): Promise<Readonly<Record<string, string>> | null> {
    for (;;) {
      const end = rest.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return null;
        rest += value;
      } else {
        const lines = rest.slice(0, end).split('\n');
        rest = rest.slice(end + 2);
        const fields = lines.map((line) => /^(\w*): ?(.*)$/.exec(line) ?? ['', '', line]);
        const event = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
        if (event['event']) return event;
      }
    }
  }
  return { status: response.status, headers: response.headers, next, cut: () => control.abort() };
}

import { Agent, request } from 'node:http';

export type Sent = { readonly token: string; readonly query: string };
export type Load = {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests in a second; as fast as answers come when absent. */
  readonly perSecond?: number;
  readonly next: () => Sent;
};
export type Loaded = {
  readonly byStatus: Readonly<Record<number, number>>;
  /** Refusals that did not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Requests that nobody answered: time-outs and broken connections. */
  readonly unanswered: number;
  readonly perSecond: number;
  readonly p99Ms: number;
};

const patienceMs = 10_000;
const tickMs = 5;

/** Rejects when nobody answers in time. */
export function ask(agent: Agent, url: string, { token, query }: Sent): Promise<Answered> {
  const startedAt = performance.now();
  const body = JSON.stringify({ query });
  const headers = {
    ...{ 'content-type': 'application/json', 'content-length': String(body.length) },
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { agent, method: 'POST', headers }, (answer) => {
      const { statusCode: status = 0, headers: told } = answer;
      const end = () =>
        resolve({ status, retryAfter: told['retry-after'], tookMs: performance.now() - startedAt });
      answer.on('error', reject).on('end', end).resume();
    });
    sent.setTimeout(patienceMs, () => sent.destroy(new Error('nobody answers')));
    sent.on('error', reject).end(body);
  });
}

type Answered = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly tookMs: number;
};

export const createAgent = (connections: number): Agent =>
  new Agent({ keepAlive: true, maxSockets: connections });

const openingAtOnce = 10;

/** One connection each, as customers have them, open before the load begins. */
async function connect({ url, connections, next }: Load): Promise<Agent[]> {
  const agents = Array.from({ length: connections }, () => createAgent(1));
  for (let from = 0; from < connections; from += openingAtOnce) {
    const opening = agents.slice(from, from + openingAtOnce);
    await Promise.all(opening.map((agent) => ask(agent, url, next())));
  }
  return agents;
}

/** Sends at a steady pace whether or not answers come, as long as a connection is free. */
export async function load(options: Load): Promise<Loaded> {
  const { url, seconds, perSecond = Infinity, next } = options;
  const agents = await connect(options);
  const idle = [...agents];
  const note = createNotes();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let sent = 0;

  const send = async (agent: Agent) => {
    sent += 1;
    await ask(agent, url, next()).then(note.answer, note.nothing);
    idle.unshift(agent); // all take turns
    sendDue();
  };
  const sendDue = () => {
    const now = performance.now();
    const due = ((now - startedAt) / 1_000) * perSecond;
    while (now < endsAt && sent < due) {
      const agent = idle.pop();
      if (agent) void send(agent);
      else if (perSecond < Infinity)
        sent += 1; // is not made up for later
      else return;
    }
  };
  while (performance.now() < endsAt) {
    sendDue();
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  while (idle.length < agents.length) await new Promise((resolve) => setTimeout(resolve, tickMs));
  for (const agent of agents) agent.destroy();
  return note.told(seconds);
}

function createNotes() {
  const byStatus: Record<number, number> = {};
  const times: number[] = [];
  let [withoutRetryAfter, unanswered] = [0, 0];
  return {
    answer({ status, retryAfter, tookMs }: Answered): void {
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      times.push(tookMs);
      if (status !== 200 && !(Number(retryAfter) >= 1)) withoutRetryAfter += 1;
    },
    nothing(): void {
      unanswered += 1;
    },
    told: (seconds: number): Loaded => ({
      ...{ byStatus, withoutRetryAfter, unanswered },
      perSecond: (byStatus[200] ?? 0) / seconds,
      p99Ms: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0,
    }),
  };
}

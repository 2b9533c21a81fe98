import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { percentile } from '../facts.ts';

/** Linux counts in hundredths of a second, whatever the machine. */
const msPerTick = 10;
/** Longer than a gateway needs that answers fifty in a second to five hundred callers at once. */
const patienceSeconds = 30;

export type Question = {
  readonly query: string;
  /** Makes the next question differ from all before, by a variable that changes no answer. */
  readonly unique: boolean;
};
export type Load = {
  readonly url: string;
  readonly pid: number;
  readonly token: string | null;
  readonly question: Question;
  readonly connections: number;
  readonly seconds: number;
};
export type Measured = {
  readonly perSecond: number;
  readonly p95Ms: number;
  /** Of the gateway's own process, for each answer. */
  readonly cpuMs: number;
  readonly residentMb: number;
  readonly answered: number;
  /** Anything but the expected answer: another status, other bytes, none at all. */
  readonly wrong: number;
};

let asked = 0;
const bodyOf = ({ query, unique }: Question): string => {
  asked += 1;
  const variables = unique ? { salt: `s${asked}` } : {};
  return JSON.stringify({ query, variables });
};

const headersOf = (token: string | null) => ({
  'content-type': 'application/json',
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
});

type Answer = { readonly text: string; readonly data: unknown };

/** The answer to a question, for comparison; throws unless it is a whole one. */
export async function ask({ url, token, question }: Omit<Load, 'pid'>): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: headersOf(token),
    body: bodyOf(question),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text);
  if (errors || !data) throw new Error(`${response.status}: ${text.slice(0, 300)}`);
  return { text, data };
}

function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold anything; what follows it is numbers.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

const residentMbOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** The first whole answer: what others left behind unanswered may come before it. */
async function firstAnswer(running: Load): Promise<Answer> {
  const until = performance.now() + patienceSeconds * 1_000;
  for (;;) {
    try {
      return await ask(running);
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(500);
    }
  }
}

/** Asks the same question over all connections, each as soon as it has its answer. */
export async function load(running: Load): Promise<Measured> {
  const { url, pid, token, question, connections, seconds } = running;
  const bytes = (await firstAnswer(running)).text.length;
  const cpuBefore = cpuMsOf(pid);
  const times: number[] = [];
  let other = 0;
  const cannon = autocannon({
    url: `${url}/graphql`,
    connections,
    duration: seconds,
    timeout: patienceSeconds,
    method: 'POST',
    headers: headersOf(token),
    requests: [{ setupRequest: (request) => ({ ...request, body: bodyOf(question) }) }],
  });
  cannon.on('response', (...[, status, responseBytes, ms]) => {
    times.push(ms);
    // Headers come on top of the body; an error is far shorter than any answer.
    if (status !== 200 || responseBytes < bytes) other += 1;
  });
  const { errors, timeouts, duration } = await cannon;
  return {
    perSecond: times.length / duration,
    p95Ms: percentile(times, 0.95),
    cpuMs: (cpuMsOf(pid) - cpuBefore) / Math.max(1, times.length),
    residentMb: residentMbOf(pid),
    answered: times.length,
    wrong: other + errors + timeouts,
  };
}

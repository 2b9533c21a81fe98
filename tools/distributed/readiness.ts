import { setTimeout as pause } from 'node:timers/promises';
import { parseLine } from './log-lines.ts';

const everyMs = 100;
const answerMsMax = 3_000;

export type ReadyState = {
  readonly ended: { readonly code: number | null; readonly signal: string | null } | null;
  /** The last lines of its log. */
  readonly words: readonly string[];
};

export type Waiting = {
  readonly name: string;
  readonly index: number;
  readonly operationsUrl: string;
  readonly withinMs: number;
  readonly state: () => ReadyState;
};

/** A process of the bank that did not become ready, with what it last said about it. */
export class NotReady extends Error {}

/** True, or what keeps the process from being ready, in words. */
async function ask(operationsUrl: string): Promise<true | string> {
  try {
    const answer = await fetch(`${operationsUrl}/health/ready`, {
      signal: AbortSignal.timeout(answerMsMax),
    });
    if (answer.ok) {
      await answer.arrayBuffer();
      return true;
    }
    return `it answers ${answer.status} ${(await answer.text()).slice(0, 400)}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError'
      ? `it does not answer within ${answerMsMax} ms`
      : 'nobody listens on its operations port';
  }
}

export const isReady = async (operationsUrl: string): Promise<boolean> =>
  (await ask(operationsUrl)) === true;

function told({ name, index }: Waiting, why: string, words: readonly string[]): NotReady {
  const said = words.map((text) => {
    const { levelname, message, stack_info: stack } = parseLine(text, { name, index });
    return `    ${[levelname, message, stack].filter(Boolean).join(' ')}`;
  });
  const log = said.length > 0 ? `\n  the end of its log:\n${said.join('\n')}` : '';
  return new NotReady(`${name} (${index}) is not ready: ${why}.${log}`);
}

/** @throws NotReady when it ends before it is ready, or is not in time */
export async function waitUntilReady(waiting: Waiting): Promise<void> {
  const giveUpAt = performance.now() + waiting.withinMs;
  for (let last = ''; ; ) {
    const { ended, words } = waiting.state();
    if (ended) {
      const how = ended.signal ? `on ${ended.signal}` : `with exit code ${ended.code}`;
      throw told(waiting, `it ended ${how}`, words);
    }
    const answer = await ask(waiting.operationsUrl);
    if (answer === true) return;
    last = answer;
    if (performance.now() > giveUpAt) {
      throw told(waiting, `after ${waiting.withinMs / 1_000} s ${last}`, words);
    }
    await pause(everyMs);
  }
}

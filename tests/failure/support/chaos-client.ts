import { setTimeout as pause } from 'node:timers/promises';
import { type BankClient, bankClient } from '../../../tools/bank/client.ts';
import { type Credentials, signIn } from '../../../tools/bank/customer.ts';

const answerMsMax = 15_000;
const pauseMsMin = 100;
const pauseMsMax = 1_000;

type Union = { readonly __typename: string; readonly code?: string };
type Answer = {
  readonly data?: Record<string, Union | null> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
};

/** What a client met on its way to an answer: how many times it asked, and why again. */
export type Tries = { attempts: number; readonly troubles: Record<string, number> };

export const noTries = (): Tries => ({ attempts: 0, troubles: {} });

/** A customer whose application asks until it is told: the one thing that a real one does, too. */
export type Insistent = {
  /** Signed in; another one after the bank asked who this is. */
  readonly door: () => BankClient;
  /** The success of a mutation that bears a repeat; throws on a refusal and when time is up. */
  readonly insist: <T>(text: string, input: object, tries: Tries) => Promise<T>;
};

export type InsistentOptions = {
  readonly url: string;
  readonly credentials: Credentials;
  readonly signedIn: BankClient;
  readonly withinMs: number;
};

async function ask({ url, headers }: BankClient, body: string): Promise<Answer | string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(answerMsMax),
    });
    return (await response.json()) as Answer;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'NO_ANSWER' : 'NO_CONNECTION';
  }
}

/** The union that was answered, or the code of what went wrong. */
function understand(answer: Answer | string): Union | string {
  if (typeof answer === 'string') return answer;
  const [told] = Object.values(answer.data ?? {});
  return told ?? answer.errors?.[0]?.extensions?.code ?? 'NO_DATA';
}

export function insistent({ url, credentials, signedIn, withinMs }: InsistentOptions): Insistent {
  let door = signedIn;
  const signInAgain = async () => {
    door = await signIn(bankClient(url), credentials).catch(() => door);
  };
  return {
    door: () => door,
    insist: async <T>(text: string, input: object, tries: Tries): Promise<T> => {
      const body = JSON.stringify({ query: text, variables: { input } });
      for (const end = performance.now() + withinMs; performance.now() < end; ) {
        tries.attempts += 1;
        const told = understand(await ask(door, body));
        if (typeof told !== 'string') {
          if (told.__typename.endsWith('Success')) return told as T;
          throw new Error(`refused: ${told.code} to ${body}`);
        }
        tries.troubles[told] = (tries.troubles[told] ?? 0) + 1;
        if (told === 'UNAUTHENTICATED') await signInAgain();
        await pause(pauseMsMin + Math.random() * (pauseMsMax - pauseMsMin));
      }
      throw new Error(`not accepted in ${withinMs} ms: ${body} met ${JSON.stringify(tries)}`);
    },
  };
}

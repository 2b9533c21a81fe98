import { errors } from 'undici';
import { deadlineHeader } from '../door/request.ts';

/** Why a call gave no answer. A status of the other side, 5xx included, is an answer. */
export type OutboundCode =
  | 'TIMEOUT'
  | 'CONNECTION_FAILED'
  | 'CIRCUIT_OPEN'
  | 'BULKHEAD_FULL'
  | 'DEADLINE_EXCEEDED';

export class OutboundError extends Error {
  readonly code: OutboundCode;
  readonly dependency: string;

  constructor(code: OutboundCode, dependency: string, options?: ErrorOptions) {
    super(`${dependency}: ${code}`, options);
    this.name = 'OutboundError';
    this.code = code;
    this.dependency = dependency;
  }
}

export type OutboundCall = {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Only a call that may safely happen twice is retried; GET is one unless told. */
  readonly idempotent?: boolean;
  /** Milliseconds that the caller still waits; a process of ours is told, as `x-deadline`. */
  readonly deadlineMs?: number | undefined;
};
export type OutboundAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** How long a call may still take in all, and how long it may still try again. */
export type Budget = { readonly leftMs: () => number; readonly retryMs: () => number };

/** What sends bytes: undici's `request`, or a fake one in tests. */
export type Network = (
  url: string,
  options: {
    readonly method: NonNullable<OutboundCall['method']>;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly statusCode: number;
  readonly headers: OutboundAnswer['headers'];
  readonly body: { text(): Promise<string> };
}>;

export type Exchange = {
  readonly call: OutboundCall;
  readonly budget: Budget;
  readonly network: Network;
  readonly dependency: string;
  readonly timeoutMs: number;
  /** Headers for a process of ours; null for an outside party, which gets none of them. */
  readonly ours: Readonly<Record<string, string>> | null;
};

/** One attempt over the network, headers and body within `timeoutMs` and what the budget leaves. */
export async function exchange(options: Exchange): Promise<OutboundAnswer> {
  const { call, budget, network, dependency, timeoutMs, ours } = options;
  const { url, method = 'GET', body = null } = call;
  const limitMs = Math.min(timeoutMs, budget.leftMs());
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  try {
    const headers = { ...call.headers, ...(ours ? internalHeaders(call, ours, limitMs) : {}) };
    const answer = await network(url, { method, headers, body, signal: abort.signal });
    const { statusCode: status } = answer;
    return { status, headers: answer.headers, body: await answer.body.text() };
  } catch (cause) {
    // A malformed call is our bug and says nothing about the other side.
    if (cause instanceof errors.InvalidArgumentError) throw cause;
    const code = abort.signal.aborted ? 'TIMEOUT' : 'CONNECTION_FAILED';
    throw new OutboundError(code, dependency, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** A process of ours learns how long its answer is of use, and whose story it works for. */
const internalHeaders = (
  { deadlineMs }: OutboundCall,
  ours: Readonly<Record<string, string>>,
  leftMs: number,
) =>
  deadlineMs === undefined
    ? ours
    : { ...ours, [deadlineHeader]: String(Math.max(1, Math.floor(leftMs))) };

import { AsyncLocalStorage } from 'node:async_hooks';
import { readTraceparent } from './traceparent.ts';

/** The request or event that the code at hand works for. */
export type CurrentStory = {
  readonly requestId: string;
  readonly traceparent: string | null;
  /** What every log line of it carries; made once per story, not per line. */
  readonly fields: Readonly<Record<string, string>>;
};

const stories = new AsyncLocalStorage<CurrentStory | null>();

export type StoryIds = {
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly orderId?: string | undefined;
};

/** The fields by which lines of one story are found (operations.md §6). */
export function storyFields({ requestId, traceparent, orderId }: StoryIds) {
  const ids = readTraceparent(traceparent);
  return {
    request_id: requestId,
    ...(ids ? { trace_id: ids.traceId, span_id: ids.spanId } : {}),
    ...(orderId ? { order_id: orderId } : {}),
  };
}

/** Runs `work` so that its log lines and outbound calls belong to this story. */
export const inStory = <T>(ids: StoryIds, work: () => T): T =>
  stories.run({ ...ids, fields: storyFields(ids) }, work);

/** Runs work that belongs to no story, whoever happens to start it. */
export const inNoStory = <T>(work: () => T): T => stories.run(null, work);

export const currentStory = (): CurrentStory | null => stories.getStore() ?? null;

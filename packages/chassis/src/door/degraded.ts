import type { ApolloServerPlugin } from '@apollo/server';
import { type Degraded, recordFallback } from '../process/fallbacks.ts';

const told = new WeakMap<object, Map<string, Degraded>>();

/** Says that an answer rests on a fallback; of several of one kind the oldest is told. */
export function tellDegraded(context: object, mark: Degraded): void {
  const marks = told.get(context) ?? new Map<string, Degraded>();
  told.set(context, marks);
  const key = `${mark.dependency} ${mark.kind}`;
  const before = marks.get(key);
  if (!before || (mark.asOf ?? '') < (before.asOf ?? '')) marks.set(key, mark);
}

/** Lists in `extensions.degraded` what the resolvers of a request have told, and counts it once. */
export const degradedPlugin = <C extends object>(service: string): ApolloServerPlugin<C> => ({
  requestDidStart: async () => ({
    async willSendResponse({ contextValue, response }) {
      const marks = [...(told.get(contextValue)?.values() ?? [])];
      if (marks.length === 0 || response.body.kind !== 'single') return;
      for (const { dependency, kind } of marks) recordFallback({ service, dependency, kind });
      const result = response.body.singleResult;
      result.extensions = { ...result.extensions, degraded: marks };
    },
  }),
});

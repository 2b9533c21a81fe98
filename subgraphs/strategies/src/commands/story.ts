import type { RequestStory } from '@simplebank/chassis/request';
import type { Cause } from '@simplebank/contracts/event';
import { type Actor, actorOf } from './audit.ts';

/** Who causes a change and what led to it: for the audit and for the events. */
export type Story = { readonly by: Actor; readonly cause: Cause };

export const storyOf = (request: RequestStory): Story => ({
  by: actorOf(request),
  cause: request.cause,
});

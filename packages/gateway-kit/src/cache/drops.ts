import type { Logger } from '@simplebank/chassis/logging';
import type { Shared } from '@simplebank/chassis/shared';
import type { Announced } from '@simplebank/contracts/entities';
import { eventsTopic } from '@simplebank/contracts/entities';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import type { Availability } from './availability.ts';
import { clockKey, epochKey, markLifetimeMs, tagKey } from './store-keys.ts';
import { isEntity } from './tagging.ts';

/** More than this at once is not told one by one: everything is left behind. */
const waitingMax = 5_000;
/** They come by the hundred in a second, and what they change has an age of a few seconds. */
const agedOnly: ReadonlySet<string> = new Set([
  'assets.quote-published.v1',
  'market.quote-changed.v1',
]);

const announcementShape = z.object({
  events: z.array(
    z.object({ type: z.string(), aggregateId: z.string(), entities: z.array(z.string()) }),
  ),
});

type Options = {
  readonly signals: Shared['signals'];
  readonly availability: Availability;
  readonly schema: () => GraphQLSchema;
  readonly log: Logger;
  readonly dropped: (tags: number) => void;
};

type Drops = {
  /** Changes with each signal: whoever came after it must not be told what ran before it. */
  readonly heard: () => number;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Leaves behind what carries the tags of an event, for all instances, as the events are told. */
export function createDrops(options: Options): Drops {
  const { signals, log } = options;
  const waiting = new Set<string>();
  let heard = 0;
  let draining: Promise<void> | null = null;
  let unsubscribe: (() => Promise<void>) | null = null;

  async function drainAll(): Promise<void> {
    try {
      while (waiting.size > 0) await drain(waiting, options);
    } catch (error) {
      log.error({ error, error_code: 'DROP_FAILED' }, 'changed answers could not be dropped');
    }
    draining = null;
  }

  function hear(text: string): void {
    const tags = tagsIn(text, options);
    if (tags.length === 0) return;
    heard += 1;
    for (const tag of tags) if (waiting.size <= waitingMax) waiting.add(tag);
    draining ??= drainAll();
  }

  return {
    heard: () => heard,
    async start() {
      unsubscribe = await signals.subscribe(eventsTopic, hear);
    },
    async close() {
      await unsubscribe?.();
      await draining;
    },
  };
}

/** One after another, so that a later change is never overwritten by an earlier one of ours. */
async function drain(waiting: Set<string>, { availability, dropped }: Options): Promise<void> {
  const tags = [...waiting];
  waiting.clear();
  await availability.attempt(async (store) => {
    if (tags.length > waitingMax) return store.increment(epochKey, markLifetimeMs);
    const at = String(await store.increment(clockKey, markLifetimeMs));
    await Promise.all(tags.map((tag) => store.set(tagKey(tag), at, markLifetimeMs)));
    return null;
  });
  dropped(tags.length);
}

function tagsIn(text: string, { schema, log }: Options): readonly string[] {
  const announced = announcementShape.safeParse(readJson(text));
  if (announced.success) return announced.data.events.flatMap((one) => tagsOf(one, schema()));
  log.warn({ error_code: 'SIGNAL_UNREADABLE' }, 'a signal about events could not be read');
  return [];
}

type Told = Pick<Announced, 'type' | 'entities'>;

/**
 * The entities of this graph that an event is about. An event that bears the name of an entity
 * type, as `asset-updated` does that of Asset, may also have brought lists a new member: `Asset:*`.
 */
function tagsOf({ type, entities }: Told, schema: GraphQLSchema): readonly string[] {
  if (agedOnly.has(type)) return [];
  const event = type.split('.')[1] ?? '';
  return entities.flatMap((entity) => {
    const name = entity.slice(0, entity.indexOf(':'));
    if (!isEntity(schema.getType(name))) return [];
    return event.startsWith(`${kebab(name)}-`) ? [entity, `${name}:*`] : [entity];
  });
}

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`);

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

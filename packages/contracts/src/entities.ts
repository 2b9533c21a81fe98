import type { Envelope } from './event.ts';

/** The topic on which every context tells, after a commit, which events it has published. */
export const eventsTopic = 'events';

/** What is told of an event: enough to drop what is cached of it, and to wake who waits for it. */
export type Announced = {
  readonly type: string;
  readonly aggregateId: string;
  readonly eventId: string;
  readonly entities: readonly string[];
};
export type Announcement = { readonly events: readonly Announced[] };

/** Fields whose name is not that of the entity they point to; null for what is not touched. */
const exceptions: Readonly<Record<string, string | null>> = {
  ownerIds: 'Customer',
  createdById: 'Customer',
  actionId: 'CorporateAction',
  runId: 'RebalanceRun',
  exceptSessionId: null,
};
const byName = /^(\w+?)Ids?$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Deeper than any payload; the largest one names some hundred assets. */
const depthMax = 6;
const entitiesMax = 1_000;

/**
 * The entities that an event is about, each once, such as `Order:<uuid>`: whatever a field of the
 * payload points to by its name, `accountId` to an Account and `assetIds` to Assets, at any depth.
 */
export function entitiesOf({ payload }: Pick<Envelope, 'payload'>): readonly string[] {
  const found = new Set<string>();
  collect(payload, { found, depth: 0 });
  return [...found];
}

type Search = { readonly found: Set<string>; readonly depth: number };

function collect(value: unknown, { found, depth }: Search): void {
  if (typeof value !== 'object' || value === null || depth > depthMax) return;
  for (const [field, inner] of Object.entries(value)) {
    const type = Array.isArray(value) ? null : typeOf(field);
    if (type) for (const id of idsIn(inner)) add(found, `${type}:${id}`);
    collect(inner, { found, depth: depth + 1 });
  }
}

function add(found: Set<string>, entity: string): void {
  if (found.size < entitiesMax) found.add(entity);
}

function typeOf(field: string): string | null {
  const named = Object.hasOwn(exceptions, field) ? exceptions[field] : undefined;
  if (named !== undefined) return named;
  const stem = byName.exec(field)?.[1];
  return stem ? stem.charAt(0).toUpperCase() + stem.slice(1) : null;
}

const idsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (id): id is string => typeof id === 'string' && uuid.test(id),
  );

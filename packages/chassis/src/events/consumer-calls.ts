export type Sequenced = { readonly type: string; readonly aggregateId: string };

/**
 * Groups events of one batch into as few handler calls as their order allows: within a call all
 * are of one type, and the events of an aggregate keep their order within and across calls. A type
 * is called once nothing else stands before any of its events, else the one that can take most.
 */
export function groupIntoCalls<E extends Sequenced>(events: readonly E[]): readonly E[][] {
  const calls: E[][] = [];
  let rest = events;
  while (rest.length > 0) {
    const call = nextCall(rest);
    const taken = new Set(call);
    calls.push(call);
    rest = rest.filter((event) => !taken.has(event));
  }
  return calls;
}

function nextCall<E extends Sequenced>(events: readonly E[]): E[] {
  const firstType = new Map<string, string>();
  const ready = new Map<string, E[]>();
  const total = new Map<string, number>();
  const passed = new Set<string>();
  for (const event of events) {
    const { type, aggregateId } = event;
    total.set(type, (total.get(type) ?? 0) + 1);
    const first = firstType.get(aggregateId) ?? type;
    firstType.set(aggregateId, first);
    // From the first event of another type on, an aggregate has to wait for the next call.
    if (type !== first) passed.add(aggregateId);
    if (passed.has(aggregateId)) continue;
    const list = ready.get(type);
    if (list) list.push(event);
    else ready.set(type, [event]);
  }
  const candidates = [...ready.entries()];
  const complete = candidates.find(([type, list]) => list.length === total.get(type));
  const largest = candidates.toSorted(([, a], [, b]) => b.length - a.length)[0];
  const [, call] = complete ?? largest ?? ['', []];
  return call;
}

/** What happens next in a simulation: a job comes to a step of its way. */
export type Event<Job> = { readonly at: number; readonly step: number; readonly job: Job };

/** Events in the order of their times (a binary heap), whatever the order they are added in. */
export function eventQueue<Job>() {
  const heap: Event<Job>[] = [];
  const before = (a: Event<Job> | undefined, b: Event<Job> | undefined) =>
    (a?.at ?? Number.POSITIVE_INFINITY) < (b?.at ?? Number.POSITIVE_INFINITY);
  const swap = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]];
    if (one && other) [heap[a], heap[b]] = [other, one];
  };
  const sink = (from: number) => {
    for (let at = from; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = before(heap[right], heap[left]) ? right : left;
      if (!before(heap[least], heap[at])) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    add: (event: Event<Job>): void => {
      heap.push(event);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(heap[at], heap[parent])) return;
        swap(at, parent);
        at = parent;
      }
    },
    take: (): Event<Job> | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (first && last && heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };
}

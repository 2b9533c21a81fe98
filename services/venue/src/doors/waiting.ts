import type { Desk } from '../desk.ts';

/** Another process of the venue may have traded, and tells nobody here. */
const lookEveryMs = 250;

type Asked = { readonly after: string; readonly waitMs: number };

/** Answers reports at once when there are any, else when some come, or after the wait. */
export function createWaiting(reports: Desk['reports']) {
  const wakers = new Set<() => void>();
  const nextTrade = (atMostMs: number) =>
    new Promise<void>((resolve) => {
      // Over a weekend nothing trades: who has waited in vain must not stay behind.
      const wake = () => {
        clearTimeout(timer);
        wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, atMostMs);
      wakers.add(wake);
    });
  return {
    wake() {
      for (const wake of wakers) wake();
    },
    /** How many wait for the next trade. */
    waiting: () => wakers.size,
    async read({ after, waitMs }: Asked) {
      const until = performance.now() + waitMs;
      for (;;) {
        // Asked before the look, so that no trade falls between them.
        const leftMs = until - performance.now();
        const traded = leftMs > 0 ? nextTrade(Math.min(leftMs, lookEveryMs)) : null;
        const page = await reports(after);
        if (page.reports.length > 0 || traded === null) return page;
        await traded;
      }
    },
  };
}

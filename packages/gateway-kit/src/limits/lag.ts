const everyMs = 100;

/** How late the event loop is: the worst of the last moments, which fades by half each time. */
export function watchLag() {
  let lagMs = 0;
  let due = performance.now() + everyMs;
  const timer = setInterval(() => {
    const now = performance.now();
    lagMs = Math.max(now - due, lagMs / 2);
    due = now + everyMs;
  }, everyMs);
  timer.unref();
  return { lagMs: () => lagMs, close: () => clearInterval(timer) };
}

const graceMsDefault = 10_000;

/** What was opened, closed last in, first out, exactly once. */
export type ClosingStack = {
  readonly push: (close: () => Promise<void>) => void;
  /** Opens something that has to be closed; Ctrl-C meanwhile waits for it and closes it too. */
  readonly opening: <T>(open: Promise<T>, close: (opened: T) => Promise<void>) => Promise<T>;
  readonly close: () => Promise<void>;
  readonly begun: () => boolean;
  /** Ctrl-C and SIGTERM close everything; a second one does not wait. */
  readonly onSignal: () => void;
};

type Closer = () => Promise<void>;

/** One that fails keeps none of the others open, PostgreSQL least of all; it is told in the end. */
async function closeAll(closers: Closer[]): Promise<void> {
  const troubles: unknown[] = [];
  for (let next = closers.pop(); next; next = closers.pop()) {
    await next().catch((error: unknown) => troubles.push(error));
  }
  if (troubles.length > 0) throw troubles[0];
}

/** After `graceMs` a close that a signal began is cut off. */
export function closingStack(graceMs = graceMsDefault): ClosingStack {
  const closers: Closer[] = [];
  let closing: Promise<void> | null = null;

  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };

  async function stop(): Promise<void> {
    if (closing) process.exit(130);
    console.log('\nStopping: finishing what is under way …');
    // A close that hangs is cut off: PostgreSQL recovers what was committed at the next start.
    setTimeout(() => process.exit(1), graceMs).unref();
    await close();
    console.log('Stopped. The data is kept for the next start.');
    process.exit(0);
  }

  const onSignal = () => {
    stop().catch((error: unknown) => {
      console.error('The bank did not stop cleanly:', error);
      process.exit(1);
    });
  };
  return {
    push: (closer) => closers.push(closer),
    opening: (open, closeOpened) => {
      closers.push(() => open.then(closeOpened, () => undefined));
      return open;
    },
    close,
    begun: () => closing !== null,
    onSignal: () => {
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      process.on('SIGHUP', onSignal); // the terminal was closed
    },
  };
}

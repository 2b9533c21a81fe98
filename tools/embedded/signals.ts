const graceMs = 10_000;

/**
 * Ctrl-C and SIGTERM close the bank once; a second Ctrl-C does not wait. A close that hangs is cut
 * off after ten seconds: PostgreSQL recovers what was committed at the next start.
 */
export function closeOnSignal(close: () => Promise<void>): void {
  let closing = false;
  async function stop(): Promise<void> {
    if (closing) process.exit(130);
    closing = true;
    console.log('\nStopping: finishing what is under way …');
    const cut = setTimeout(() => process.exit(1), graceMs);
    await close();
    clearTimeout(cut);
    console.log('Stopped. The data is kept for the next start.');
    process.exit(0);
  }
  const onSignal = () => {
    stop().catch((error: unknown) => {
      console.error('The bank did not stop cleanly:', error);
      process.exit(1);
    });
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

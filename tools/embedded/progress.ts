/** Tells a person what is being prepared and how long it took; one line per step. */
export type Progress = {
  readonly step: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
};

export function showProgress(write: (text: string) => void = (text) => process.stdout.write(text)) {
  const say = (line: string) => write(`${line}\n`);
  async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    write(`  ${what} …`);
    try {
      const result = await work();
      write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
      return result;
    } catch (error) {
      write(' failed\n');
      throw error;
    }
  }
  return { step, say } satisfies Progress;
}

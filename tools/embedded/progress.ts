/** Tells a person what is being prepared and how long it took; one line per step. */
export type Progress = {
  readonly step: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
};

export function showProgress(write: (text: string) => void = (text) => process.stdout.write(text)) {
  let inStep = false;
  const say = (line: string) => {
    write(`${inStep ? '\n' : ''}${line}\n`);
    inStep = false;
  };
  async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    write(`  ${what} …`);
    inStep = true;
    try {
      const result = await work();
      inStep = false;
      write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
      return result;
    } catch (error) {
      inStep = false;
      write(' failed\n');
      throw error;
    }
  }
  return { step, say } satisfies Progress;
}

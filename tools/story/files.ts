import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The logs of the embedded and of the distributed bank, this run's and the one's before. */
export function defaultLogs(env: Environment): readonly string[] {
  const dataDir = resolve(env['SIMPLEBANK_DATA_DIR'] || '.simplebank');
  return [dataDir, join(dataDir, 'distributed')]
    .flatMap((folder) => [join(folder, 'bank.log.1'), join(folder, 'bank.log')])
    .filter((file) => existsSync(file));
}

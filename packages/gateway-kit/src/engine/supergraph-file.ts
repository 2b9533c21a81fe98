import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@simplebank/chassis/logging';

/** A file is written in several steps; it is read when it has been quiet for this long. */
const quietMs = 150;
/** Some volumes tell nothing of their changes. */
const lookEveryMs = 5_000;

type Watched = { readonly text: string; readonly stop: () => void };
type Watching = {
  readonly log: Logger;
  /** Throws for a text that cannot be used: it is told once, and the one before stays. */
  readonly onChange: (text: string) => Promise<void>;
};

/** The text of a file now, and each other text it comes to hold, one after the other. */
export async function watchFile(file: URL, { log, onChange }: Watching): Promise<Watched> {
  const text = await readFile(file, 'utf8');
  let seen = hashOf(text);
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    try {
      const now = await readFile(file, 'utf8');
      const hash = hashOf(now);
      if (hash === seen) return;
      seen = hash;
      await onChange(now);
      log.info({}, 'the supergraph was loaded anew');
    } catch (error) {
      if (isMissing(error)) return; // between the removal of the old file and the new one
      const code = { error_code: 'SUPERGRAPH_REFUSED' };
      log.error({ error, ...code }, 'the new supergraph is not used, the one before stays');
    }
  }
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      looking = looking.then(look);
    }, quietMs);
    timer.unref();
  };
  const watcher = watcherOf(file, { log, lookSoon });
  const clockwork = setInterval(lookSoon, lookEveryMs);
  clockwork.unref();
  return {
    text,
    stop() {
      clearTimeout(timer);
      clearInterval(clockwork);
      watcher?.close();
    },
  };
}

type Watcher = { readonly log: Logger; readonly lookSoon: () => void };

/** Watches the folder: whoever replaces a file, or the folder's links, touches no file in it. */
function watcherOf(file: URL, { log, lookSoon }: Watcher): FSWatcher | null {
  try {
    const watcher = watch(dirname(fileURLToPath(file)), { persistent: false }, lookSoon);
    watcher.on('error', (error) => log.warn({ error }, 'the supergraph is looked at now and then'));
    return watcher;
  } catch (error) {
    log.warn({ error }, 'the supergraph is looked at now and then');
    return null;
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

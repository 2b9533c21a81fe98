import type { Logger } from '../process/logging.ts';

type Listener = (text: string) => void;

/** Who listens to which topic in this process; one that throws keeps no other from hearing. */
export function createListeners(log: Logger) {
  const byTopic = new Map<string, Set<Listener>>();

  const call = (listener: Listener, { topic, text }: { topic: string; text: string }) => {
    try {
      listener(text);
    } catch (error) {
      log.error({ error, error_code: 'LISTENER_FAILED' }, `a listener to ${topic} failed`);
    }
  };
  return {
    topics: (): string[] => [...byTopic.keys()],
    /** True when it is the first of its topic. */
    add(topic: string, listener: Listener): boolean {
      const here = byTopic.get(topic);
      here?.add(listener);
      if (!here) byTopic.set(topic, new Set([listener]));
      return !here;
    },
    /** True when it was the last of its topic. */
    remove(topic: string, listener: Listener): boolean {
      const here = byTopic.get(topic);
      if (!here?.delete(listener) || here.size > 0) return false;
      byTopic.delete(topic);
      return true;
    },
    tell(topic: string, text: string): void {
      for (const listener of [...(byTopic.get(topic) ?? [])]) call(listener, { topic, text });
    },
  };
}

/** A memory of texts that is bounded by their number and by their length together. */
export type KnownTexts<Value> = {
  readonly get: (id: string) => Value | undefined;
  readonly set: (id: string, value: Value, chars: number) => void;
};

export type KnownTextsBounds = { readonly countMax: number; readonly charsMax: number };

/** Forgets what was used longest ago; a text longer than the whole memory is never kept. */
export function knownTexts<Value>({ countMax, charsMax }: KnownTextsBounds): KnownTexts<Value> {
  const entries = new Map<string, { readonly value: Value; readonly chars: number }>();
  let charsHeld = 0;

  function forget(id: string): void {
    charsHeld -= entries.get(id)?.chars ?? 0;
    entries.delete(id);
  }

  return {
    get(id) {
      const found = entries.get(id);
      if (!found) return undefined;
      entries.delete(id);
      entries.set(id, found);
      return found.value;
    },
    set(id, value, chars) {
      forget(id);
      if (chars > charsMax) return;
      entries.set(id, { value, chars });
      charsHeld += chars;
      for (const oldest of entries.keys()) {
        if (entries.size <= countMax && charsHeld <= charsMax) return;
        forget(oldest);
      }
    },
  };
}

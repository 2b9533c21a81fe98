const moods = ['WELL', 'REFUSE', 'DEFER', 'SLOW', 'HANG', 'DROP', 'LOSE_ANSWER'] as const;

/**
 * How a mail server can be. REFUSE: no such mailbox (550). DEFER: not now (451). SLOW: takes its
 * time, then the mail. HANG: never answers. DROP: ends the connection. LOSE_ANSWER: takes the mail
 * and ends the connection before it says so.
 */
export type Mood = (typeof moods)[number];

/** Such as `hang@example.com` or `ada+hang@example.com`. */
const named = /^(?:[^@]*\+)?(refuse|defer|slow|hang|drop|lose-answer)@/i;

/** An address may ask for a mood itself, so that a running bank can be shown any of them. */
export function moodFor(address: string, usual: Mood): Mood {
  const asked = named.exec(address)?.[1]?.toUpperCase().replace('-', '_');
  return moods.find((mood) => mood === asked) ?? usual;
}

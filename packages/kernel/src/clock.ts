/** Where "now" comes from. Domain code never asks the machine. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };

/** Where an order or a process stands in a list: by time, then by id of the order. */
export type Place = { readonly at: Date; readonly id: string };

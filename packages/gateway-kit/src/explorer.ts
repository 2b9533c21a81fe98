/** What the explorer shows when it is opened for the first time. */
export type Explorer = { readonly title: string; readonly defaultQuery: string };

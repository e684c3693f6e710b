/** Where each page was last: the navigation goes back there, so that a look into the book loses no conversation. */
export const visited = $state<Record<string, string>>({});

/** The tabs of a page: the one that the address names, the first for any other. While another page loads, it stays. */
import { router } from './router.svelte';

export function tabs<T extends { id: string }>(name: string, all: T[]): { readonly at: string; readonly tab: T } {
  let at = $state('');
  $effect.pre(() => {
    const [, page, rest = ''] = router.path.split('/');
    if (page === name) at = rest;
  });
  return {
    get at() {
      return at;
    },
    get tab() {
      return all.find((t) => t.id === at) ?? all[0];
    },
  };
}

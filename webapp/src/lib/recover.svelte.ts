import { untrack } from 'svelte';
import { server } from './server.svelte';

/** Runs `again` each time the server comes back. For use in a component, with an `again` that looks whether it is needed. */
export function onRecovery(again: () => void): void {
  let seen = server.recoveries;
  $effect(() => {
    if (server.recoveries === seen) return;
    seen = server.recoveries;
    untrack(again);
  });
}

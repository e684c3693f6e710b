import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

// What jsdom lacks.
globalThis.matchMedia ??= ((query: string) => ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} })) as never;
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} } as never;
globalThis.IntersectionObserver ??= class { observe() {} unobserve() {} disconnect() {} } as never;
afterEach(cleanup);

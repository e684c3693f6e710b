/** localStorage that may be missing, full or forbidden: it then forgets, and nothing breaks. */

const PREFIX = 'a408.';

export function load<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function save(key: string, value: unknown): void {
  try {
    if (value === null || value === '' || value === undefined) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Not kept: a convenience only.
  }
}

/** Forgets all that belongs to a person; how the pages look stays. */
export function forget(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && key !== `${PREFIX}theme`) localStorage.removeItem(key);
    sessionStorage.clear();
  } catch {
    // There is nothing then.
  }
}

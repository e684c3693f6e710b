/** Pieces of a note. */

/** The section path without the document's own title, which stands beside it. */
export function sectionOf({ title, section }: { title: string; section: string }): string {
  return section.startsWith(`${title} › `) ? section.slice(title.length + 3) : section === title ? '' : section;
}

/** The `##` section of a leaf; without one, the section that holds `quote`; '' if there is none. */
export function leafSection(markdown: string, leaf: string | null, quote = ''): string {
  const sections = markdown.split(/^(?=## )/m);
  const found = (leaf && sections.find((s) => s.includes(`{#${leaf}}`))) || (quote && sections.find((s) => s.includes(quote)));
  return found ? found.trim() : '';
}

/** The leaf whose `##` section holds `quote`; '' if there is none. */
export function leafOfQuote(markdown: string, quote: string): string {
  return /\{#([\w.-]+)\}/.exec(leafSection(markdown, null, quote).split('\n')[0])?.[1] ?? '';
}

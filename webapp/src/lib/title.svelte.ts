/** What the open page is about, for the tab's title. */
export const about = $state({ text: '' });

/** For use in a component: names what it shows while it is there. */
export function aboutThis(text: () => string | undefined): void {
  $effect(() => {
    about.text = text() ?? '';
    return () => (about.text = '');
  });
}

/** Mermaid is large: it comes when a diagram nears the screen. */

type Mermaid = typeof import('mermaid').default;
let engine: Promise<Mermaid> | undefined;
let count = 0;
// Mermaid draws one diagram at a time.
let queue: Promise<unknown> = Promise.resolve();

async function drawOne(block: HTMLElement, dark: boolean): Promise<void> {
  const source = block.dataset.source ?? block.textContent ?? '';
  block.dataset.source = source;
  const wanted = dark ? 'dark' : 'light';
  if (block.dataset.drawn === wanted) return;
  try {
    const mermaid = await (engine ??= import('mermaid').then((m) => m.default));
    const css = getComputedStyle(document.documentElement);
    const probe = document.createElement('span');
    document.body.append(probe);
    const token = (name: string) => {
      probe.style.color = css.getPropertyValue(name);
      return getComputedStyle(probe).color;
    };
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      theme: 'base',
      fontFamily: css.getPropertyValue('--sans'),
      themeVariables: {
        darkMode: dark,
        background: token('--surface'),
        primaryColor: token('--accent-soft'),
        primaryTextColor: token('--ink'),
        primaryBorderColor: token('--accent-line'),
        secondaryColor: token('--sunken'),
        tertiaryColor: token('--sunken'),
        lineColor: token('--ink-2'),
        textColor: token('--ink'),
        noteBkgColor: token('--sunken'),
        noteTextColor: token('--ink'),
        noteBorderColor: token('--line-strong'),
        edgeLabelBackground: token('--surface'),
        actorBkg: token('--accent-soft'),
        actorBorder: token('--accent-line'),
        signalTextColor: token('--ink'),
        fontSize: '15px',
      },
      sequence: { useMaxWidth: true, mirrorActors: false },
      flowchart: { useMaxWidth: true, htmlLabels: true },
    });
    probe.remove();
    const { svg } = await mermaid.render(`diagram-${++count}`, source);
    block.innerHTML = svg;
    block.dataset.drawn = wanted;
    // On a narrow screen it scrolls rather than shrink to where nothing can be read.
    const drawn = block.querySelector('svg');
    const natural = drawn?.viewBox.baseVal?.width ?? 0;
    if (drawn && natural) drawn.style.minWidth = `${Math.round(Math.min(natural * 0.75, 640))}px`;
    block.setAttribute('role', 'img');
    block.setAttribute('aria-label', '示意图');
  } catch {
    document.querySelectorAll('body > [id^="ddiagram-"]').forEach((e) => e.remove());
    block.textContent = source; // the source says it too
    block.classList.add('failed');
  }
}

export function draw(blocks: Iterable<HTMLElement>, dark: boolean): void {
  const see = new IntersectionObserver(
    (entries) => {
      for (const e of entries) {
        if (!e.isIntersecting) continue;
        see.unobserve(e.target);
        queue = queue.then(() => drawOne(e.target as HTMLElement, dark));
      }
    },
    { rootMargin: '600px' },
  );
  for (const block of blocks) see.observe(block);
}

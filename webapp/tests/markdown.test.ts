import { beforeAll, describe, expect, it } from 'vitest';
import { engines, load } from '../src/lib/markdown/engines';
import { markQuote, unmark } from '../src/lib/markdown/quote';
import { render, type Options } from '../src/lib/markdown/render';

const html = (source: string, options: Options = {}) => render(source, options, engines).blocks.join('');
const dom = (source: string, options: Options = {}) => {
  const div = document.createElement('div');
  div.innerHTML = html(source, options);
  return div;
};

beforeAll(() => load('$x$ ```c'));

it('statements of a question stand on lines of their own, other soft breaks stay soft', () => {
  expect(render('正确的是\nⅠ. 甲\nⅡ、乙\n续', {}, {}).blocks.join('')).toContain('正确的是<br>\nⅠ. 甲<br>\nⅡ、乙\n续');
});

describe('Chinese emphasis', () => {
  it.each([
    ['**死锁（deadlock）**是指', '死锁（deadlock）'],
    ['称为**“缺页”**。', '“缺页”'],
    ['数据总线**32位**。', '32位'],
    ['用**LRU（least recently used，最近最久未使用）**淘汰', 'LRU（least recently used，最近最久未使用）'],
  ])('%s', (source, bold) => {
    expect(dom(source).querySelector('strong')?.textContent).toBe(bold);
  });
});

describe('formulas', () => {
  const tex = (source: string) => [...dom(source).querySelectorAll('annotation')].map((a) => a.textContent);

  it('reads all four delimiters', () => {
    expect(tex('设 $p$，则 \\(q=1-p\\)。')).toEqual(['p', 'q=1-p']);
    expect(tex('$$\na+b\n$$')).toEqual(['a+b']);
    expect(tex('\\[ EAT = t \\]')).toEqual(['EAT = t']);
    expect(tex('即 $$M(m,t)\\subseteq M(m+1,t)$$ 成立')).toEqual(['M(m,t)\\subseteq M(m+1,t)']);
  });
  it('keeps underscores, stars and blank lines of a formula', () => {
    expect(tex('$t_m * t_f$ 与 $a_1$')).toEqual(['t_m * t_f', 'a_1']);
    expect(tex('$$\nx = 1\n\n- y\n$$')).toEqual(['x = 1\n\n- y']);
  });
  it('works in tables and lists', () => {
    expect(tex('| 量 | 值 |\n|---|---|\n| $n$ | $2^n$ |')).toEqual(['n', '2^n']);
    expect(tex('- 页数 $2^{10}$\n  $$x$$')).toEqual(['2^{10}', 'x']);
  });
  it('leaves money and code alone', () => {
    expect(tex('从 $5 涨到 $6，共 $7')).toEqual([]);
    expect(dom('`$x$` 与 `\\(y\\)`').querySelectorAll('.katex')).toHaveLength(0);
    expect(dom('```\n$x$\n```').querySelectorAll('.katex')).toHaveLength(0);
    expect(dom('`$x$`').textContent).toContain('$x$');
  });
  it('shows a broken formula instead of failing', () => {
    expect(dom('$\\frac{1}{$ 后文').textContent).toContain('后文');
  });
  it('lets the keyboard scroll wide things', () => {
    for (const source of ['| a | b |\n|---|--:|\n| 1 | 2 |', '```\nx\n```', '$$x$$']) expect(dom(source).querySelector('[tabindex="0"]')).not.toBeNull();
    expect(dom('| a | b |\n|---|--:|\n| 1 | 2 |').querySelector('td.to-right')?.textContent).toBe('2');
    expect(dom('3. c').querySelector('ol')?.start).toBe(3);
  });
  it('accepts Chinese inside', () => {
    expect(dom('$\\text{缺页率}=3/4$').querySelector('.katex')).not.toBeNull();
  });
});

describe('code', () => {
  it('highlights known languages and escapes all', () => {
    expect(html('```c\nint a < b;\n```')).toContain('hljs-type');
    expect(html('```nosuch\n<b>\n```')).toContain('&lt;b&gt;');
  });
  it('hides the checks of notes', () => {
    expect(html('前\n\n```python check\nassert 1\n```\n\n后')).not.toContain('assert');
  });
  it('keeps mermaid as source for the drawing', () => {
    expect(dom('```mermaid\nflowchart LR\n A --> B\n```').querySelector('pre.mermaid')?.textContent).toContain('A --> B');
  });
});

describe('citations', () => {
  it('makes buttons of the numbers that exist, and of no others', () => {
    const d = dom('见[1]和[7]，`a[1]`。', { cites: [1, 2] });
    expect([...d.querySelectorAll('.cite')].map((b) => b.textContent)).toEqual(['1']);
    expect(d.textContent).toContain('[7]');
    expect(d.querySelector('code')?.textContent).toBe('a[1]');
  });
  it('are real buttons', () => {
    const b = dom('见[1]', { cites: [1] }).querySelector('button')!;
    expect([b.type, b.getAttribute('aria-label')]).toEqual(['button', '出处 1']);
  });
  it('works right after bold text and formulas', () => {
    expect(dom('**死锁**[1]，$x$[2]。', { cites: [1, 2] }).querySelectorAll('.cite')).toHaveLength(2);
  });
});

describe('links', () => {
  it('resolves notes and leaves', () => {
    const d = dom('[缺页](note:os/memory/demand-paging) [LRU](leaf:os.memory.replacement-lru)');
    expect([...d.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual(['/book/os/memory/demand-paging', '/book?leaf=os.memory.replacement-lru']);
  });
  it('shows other hosts as such', () => {
    const a = dom('[RFC](https://example.org/a)').querySelector('a')!;
    expect(a.className).toBe('away');
    expect(a.rel).toContain('noopener');
    expect(a.title).toContain('example.org');
  });
});

describe('nothing hostile passes', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[点我](javascript:alert(1))',
    '[点我](data:text/html;base64,PHNjcmlwdD4=)',
    '![图](https://evil.example/p.png)',
    '![图](//evil.example/p.png)',
    '<iframe src="https://evil.example"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '$\\href{javascript:alert(1)}{x}$',
    '$\\includegraphics{https://evil.example/p.png}$',
    '<style>body{display:none}</style>',
    '[x](  vbscript:a)',
  ])('%s', (source) => {
    const d = dom(source);
    expect(d.querySelector('script, iframe, style, [onerror], [onload]')).toBeNull();
    for (const img of d.querySelectorAll('img')) expect(img.getAttribute('src')).toMatch(/^(\/(?!\/)|data:image\/)/);
    for (const a of d.querySelectorAll('a[href]')) expect(a.getAttribute('href')).not.toMatch(/^\s*(javascript|vbscript|data):/i);
  });
  it('a placeholder in the text is not a formula', () => {
    expect(dom('<span data-math="0"></span> $x$').querySelectorAll('.katex')).toHaveLength(1);
  });
});

describe('a note', () => {
  const note = '## LRU {#os.memory.lru}\n\n### 考点\n淘汰最久未用的页。\n\n### 易错\n- 命中也更新。\n\n## CLOCK {#os.memory.clock}\n\n### 考点\n扫描。';
  it('keeps anchors and sections', () => {
    const d = dom(note, { book: true });
    expect(d.querySelector('h2')?.id).toBe('os.memory.lru');
    expect(d.querySelector('h2')?.textContent).toBe('LRU');
    expect(d.querySelectorAll('section.leaf')).toHaveLength(2);
    expect(d.querySelector('section.trap li')?.textContent).toBe('命中也更新。');
    expect(d.querySelector('section.leaf section.point p')?.textContent).toBe('淘汰最久未用的页。');
  });
  it('lists its headings', () => {
    expect(render(note, { book: true }).headings.map((h) => h.id)).toEqual(['os.memory.lru', 'os.memory.lru--考点', 'os.memory.lru--易错', 'os.memory.clock', 'os.memory.clock--考点']);
  });
  it('shows no anchor in a chat either', () => {
    expect(dom('## LRU {#os.memory.lru}').textContent?.trim()).toBe('LRU');
  });
});

describe('blocks', () => {
  it('leaves finished blocks as they were while the text grows', () => {
    const a = render('第一段。\n\n第二', {}, engines).blocks;
    const b = render('第一段。\n\n第二段[1]', { cites: [1] }, engines).blocks;
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
  });
});

describe('quotes', () => {
  const marked = (source: string, quote: string) => {
    const d = dom(source);
    markQuote(d, quote);
    return { text: [...d.querySelectorAll('mark, .marked')].map((m) => (m.classList.contains('marked') ? '∑' : m.textContent)).join(''), d };
  };
  it('are found through emphasis, formulas and line breaks', () => {
    expect(marked('前句。**LRU（least）**淘汰最久未用的页。后句。', '**LRU（least）**淘汰最久未用的页。').text).toBe('LRU（least）淘汰最久未用的页。');
    expect(marked('最初 $m$ 个页框为空时，缺页但不置换。', '最初 $m$ 个页框为空时').text).toBe('最初 ∑ 个页框为空时');
    expect(marked('- 一项\n- 命中时也要更新\n  访问次序。', '命中时也要更新\n  访问次序。').text).toContain('访问次序。');
  });
  it('are taken back', () => {
    const { d } = marked('甲乙丙', '乙');
    expect(d.querySelectorAll('mark')).toHaveLength(1);
    unmark(d);
    expect(d.querySelectorAll('mark')).toHaveLength(0);
    expect(d.querySelector('p')?.childNodes).toHaveLength(1);
  });
  it('that are not there mark nothing', () => {
    expect(marked('甲乙丙', '丁').text).toBe('');
  });
});

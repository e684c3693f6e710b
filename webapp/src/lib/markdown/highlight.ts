import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import java from 'highlight.js/lib/languages/java';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import x86asm from 'highlight.js/lib/languages/x86asm';

for (const [name, language] of Object.entries({ bash, c, cpp, java, json, python, x86asm })) hljs.registerLanguage(name, language);
hljs.registerAliases(['asm', 'nasm', 'mips'], { languageName: 'x86asm' });

/** Highlighted HTML, or null for a language that isn't known. */
export function highlight(code: string, language: string): string | null {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language, ignoreIllegals: true }).value : null;
}

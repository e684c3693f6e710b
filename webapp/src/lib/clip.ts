import { toasts } from './toast.svelte';

export async function copyText(text: string, said = '已复制'): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show(said);
  } catch {
    toasts.show('浏览器不允许复制，请选中文字后手动复制。');
  }
}

export function downloadText(name: string, text: string, type = 'text/markdown'): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name.replace(/[\\/:*?"<>|\n]+/g, ' ').slice(0, 80);
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

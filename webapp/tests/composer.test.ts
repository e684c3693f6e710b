import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import Composer from '../src/pages/chat/Composer.svelte';

const setup = () => {
  const onsend = vi.fn();
  render(Composer, { subject: '', collections: null, draft: 'new', busy: false, onsend, onstop: vi.fn() });
  return { onsend, box: screen.getByLabelText('问题') as HTMLTextAreaElement };
};

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('fetch', vi.fn(async () => new Response('{}')));
});

describe('the composer', () => {
  it('sends on Enter, and clears the draft', async () => {
    const { onsend, box } = setup();
    await fireEvent.input(box, { target: { value: ' 什么是死锁？ ' } });
    expect(localStorage.getItem('a408.draft.new')).toBe('" 什么是死锁？ "');
    await fireEvent.keyDown(box, { key: 'Enter' });
    expect(onsend).toHaveBeenCalledWith('什么是死锁？', []);
    expect(box.value).toBe('');
    expect(localStorage.getItem('a408.draft.new')).toBeNull();
  });
  it('does not send while an input method composes, nor on Shift+Enter, nor nothing', async () => {
    const { onsend, box } = setup();
    await fireEvent.keyDown(box, { key: 'Enter' });
    await fireEvent.input(box, { target: { value: 'sisuo' } });
    await fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    await fireEvent.keyDown(box, { key: 'Enter', shiftKey: true });
    expect(onsend).not.toHaveBeenCalled();
  });
  it('warms the model once when typing begins', async () => {
    const { box } = setup();
    await fireEvent.input(box, { target: { value: '死' } });
    await fireEvent.input(box, { target: { value: '死锁' } });
    expect(vi.mocked(fetch).mock.calls.filter(([url]) => url === '/api/warm')).toHaveLength(1);
  });
  it('brings a draft back', () => {
    localStorage.setItem('a408.draft.new', '"写了一半"');
    expect(setup().box.value).toBe('写了一半');
  });
});

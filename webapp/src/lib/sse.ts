/** Server-sent events over `fetch`, because EventSource can't POST. */

export interface ServerEvent {
  event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
}

/** Cuts a growing text into events; `\n`, `\r\n` and comments (pings) are understood. */
export class EventParser {
  #rest = '';

  push(text: string): ServerEvent[] {
    // A lone \r at the end may be half of \r\n: it waits for the next piece.
    const all = this.#rest + text;
    const held = all.endsWith('\r') ? 1 : 0;
    const blocks = all.slice(0, all.length - held).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = blocks.pop()! + (held ? '\r' : '');
    return blocks.map(parse).filter((e) => e !== null);
  }
}

function parse(block: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  if (data.length === 0) return null;
  const text = data.join('\n');
  try {
    return { event, data: JSON.parse(text) };
  } catch {
    return { event, data: text };
  }
}

export async function* readEvents(body: ReadableStream<Uint8Array>, alive: () => void = () => undefined): AsyncGenerator<ServerEvent> {
  const parser = new EventParser();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      for (const e of parser.push(decoder.decode(value, { stream: true }))) yield e;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

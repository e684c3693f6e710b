/** Which step is on the screen, and whether the next one comes by itself. */

export const SPEEDS = [0.5, 1, 2, 4] as const;
const STEP_MS = 1600;

export class Player {
  index = $state(0);
  playing = $state(false);
  speed = $state(1);
  readonly length: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(length: number) {
    this.length = length;
  }

  get atEnd(): boolean {
    return this.index >= this.length - 1;
  }

  seek(index: number): void {
    this.index = Math.min(Math.max(0, index), Math.max(0, this.length - 1));
    if (this.playing) this.#schedule();
  }

  next(): void {
    this.seek(this.index + 1);
  }

  prev(): void {
    this.seek(this.index - 1);
  }

  /** Plays from here; from the start when the end has been reached. */
  play(): void {
    if (this.length < 2) return;
    if (this.atEnd) this.index = 0;
    this.playing = true;
    this.#schedule();
  }

  pause(): void {
    this.playing = false;
    clearTimeout(this.#timer);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.playing) this.#schedule();
  }

  /** Handles ← → Home End and space; true if the key was its own. */
  key(key: string): boolean {
    if (key === 'ArrowRight') this.pause(), this.next();
    else if (key === 'ArrowLeft') this.pause(), this.prev();
    else if (key === 'Home') this.pause(), this.seek(0);
    else if (key === 'End') this.pause(), this.seek(this.length - 1);
    else if (key === ' ') this.toggle();
    else return false;
    return true;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.atEnd) return this.pause();
      this.index += 1;
      if (this.atEnd) this.pause();
      else this.#schedule();
    }, STEP_MS / this.speed);
  }
}

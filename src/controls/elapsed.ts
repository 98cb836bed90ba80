import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { DirectiveResult } from 'lit/directive.js';

class Elapsed extends AsyncDirective {
  readonly #since = performance.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  #write: (seconds: number) => string = String;

  render(write: (seconds: number) => string): string {
    this.#write = write;
    this.#timer ??= setInterval(() => this.setValue(this.#text), 250);
    return this.#text;
  }

  protected override disconnected(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  protected override reconnected(): void {
    this.setValue(this.render(this.#write));
  }

  get #text(): string {
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    return seconds ? this.#write(seconds) : '';
  }
}

/** How long this place has been shown, in whole seconds as `write` puts them; empty during the first second. */
export const elapsed: (write: (seconds: number) => string) => DirectiveResult = directive(Elapsed);

import { render } from 'lit/html.js';
import type { RootPart, TemplateResult } from 'lit/html.js';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Where there is no DOM the class can still be imported and named, as server rendering does; nobody makes one there. */
const HTMLElementOrNot = (globalThis.HTMLElement as typeof HTMLElement | undefined) ?? (class {} as typeof HTMLElement);

/**
 * An element that renders a lit template into its shadow root, at most once a microtask, and hosts lit's reactive controllers.
 * It is what LitElement is without reactive properties and their attributes, which this element does not use (2 kB of the entry).
 */
export abstract class RenderedElement extends HTMLElementOrNot implements ReactiveControllerHost {
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #controllers = new Set<ReactiveController>();
  #part: RootPart | undefined;
  #styles: readonly string[] = [];
  #update: Promise<boolean> | null = null;

  abstract render(): TemplateResult;

  /** Resolves when what was asked for has been rendered. */
  get updateComplete(): Promise<boolean> {
    return this.#update ?? Promise.resolve(true);
  }

  requestUpdate(): void {
    this.#update ??= Promise.resolve().then(() => {
      this.#update = null;
      // What changes outside a document is rendered when the element comes back to one.
      if (this.isConnected) this.#render();
      return !this.#update;
    });
  }

  addController(controller: ReactiveController): void {
    this.#controllers.add(controller);
    if (this.isConnected) controller.hostConnected?.();
  }

  removeController(controller: ReactiveController): void {
    this.#controllers.delete(controller);
  }

  connectedCallback(): void {
    for (const controller of this.#controllers) controller.hostConnected?.();
    this.#part?.setConnected(true);
    this.requestUpdate();
  }

  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
    this.#part?.setConnected(false);
  }

  /** In another document: style sheets belong to one, so the browser has taken them off. */
  adoptedCallback(): void {
    this.adopt(...this.#styles);
  }

  /** Adopted, not written into the document: strict policies refuse `<style>`. */
  protected adopt(...styles: readonly string[]): void {
    this.#styles = styles;
    const view = this.ownerDocument.defaultView;
    // In a document that nobody sees, such as a template's, there is nothing to style.
    if (!view) return;
    this.#root.adoptedStyleSheets = styles.map((text) => {
      const sheet = new view.CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  }

  #render(): void {
    for (const controller of this.#controllers) controller.hostUpdate?.();
    this.#part = render(this.render(), this.#root, { host: this });
    for (const controller of this.#controllers) controller.hostUpdated?.();
  }
}

import { css } from 'lit';

/**
 * Host, lobby and what every face shares. All colours come from `--vc-surface`, `--vc-text`, `--vc-accent`, `--vc-danger` (and `--vc-speaking`).
 * `--_k` in a relative colour of the space xyz is 1 where white has more contrast by WCAG 2's formula, else 0 (they are equal at a luminance of 0.179).
 * Lengths are in `em` of the host's text (`--_u` is 1 px where that is 16 px), so that all of it grows with the reader.
 */
export const styles = css`
  :host {
    --_k: clamp(0, (0.179 - y) * 9999, 1);
    --_surface: var(--vc-surface, light-dark(oklch(0.968 0.003 265), oklch(0.235 0.009 265)));
    --_text: var(--vc-text, color(from var(--_surface) xyz-d65 calc(0.9505 * (0.008 + 0.9 * var(--_k))) calc(0.008 + 0.9 * var(--_k)) calc(1.089 * (0.008 + 0.9 * var(--_k)))));
    --_accent: var(--vc-accent, light-dark(oklch(0.51 0.17 262), oklch(0.7 0.13 262)));
    --_danger: color-mix(in oklab, var(--vc-danger, light-dark(oklch(0.55 0.2 26), oklch(0.7 0.17 26))) 72%, var(--_text));
    --_quiet: color-mix(in oklab, var(--_text) 68%, var(--_surface));
    --_fill: color-mix(in oklab, var(--_text) 9%, var(--_surface));
    --_fill2: color-mix(in oklab, var(--_text) 16%, var(--_surface));
    --_radius: var(--vc-radius, 12px);
    --_gap: var(--vc-gap, 8px);
    --_inner: max(4px, var(--_radius) - var(--_gap) / 2);
    display: block;
    container-type: inline-size;
    contain-intrinsic-inline-size: 320px;
    min-inline-size: 0;
  }
  :host([hidden]) {
    display: none;
  }
  .face {
    --_u: calc(1em / 14);
    box-sizing: border-box;
    block-size: 100%;
    padding: calc(var(--_gap) * 2);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: 400 0.875em / 1.4286 var(--vc-font, inherit);
    font-family: var(--vc-font, inherit);
    letter-spacing: normal;
    text-align: start;
    text-indent: 0;
    text-transform: none;
    text-shadow: none;
    white-space: normal;
    word-spacing: normal;
    overflow-wrap: break-word;
    cursor: default;
  }
  h2,
  p {
    margin: 0;
    font: inherit;
  }
  h2 {
    font-weight: 600;
  }
  .quiet {
    color: var(--_quiet);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .lobby {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: var(--_gap);
  }
  button {
    position: relative;
    box-sizing: border-box;
    min-block-size: calc(40 * var(--_u));
    min-inline-size: calc(40 * var(--_u));
    margin: 0;
    padding: calc(4 * var(--_u)) calc(14 * var(--_u));
    border: 1px solid transparent;
    border-radius: var(--_inner);
    background: var(--_fill);
    color: inherit;
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    touch-action: manipulation;
    transition: background-color 120ms ease-out;
  }
  button:hover,
  button:active {
    background: var(--_fill2);
  }
  .primary {
    background: var(--_accent);
    color: color(from var(--_accent) xyz-d65 calc(0.9505 * var(--_k)) var(--_k) calc(1.089 * var(--_k)));
  }
  .primary:hover {
    background: color-mix(in oklab, var(--_accent) 90%, var(--_text));
  }
  .lobby button {
    min-block-size: calc(48 * var(--_u));
    max-inline-size: calc(360 * var(--_u));
    overflow: clip;
  }
  button[aria-disabled] {
    background: var(--_fill);
    color: var(--_quiet);
    cursor: not-allowed;
  }
  :focus-visible {
    outline: 2px solid var(--_text);
    outline-offset: 2px;
  }
  i {
    position: absolute;
    inset: auto 0 0;
    block-size: 3px;
    background: var(--_accent);
    transform: scaleX(0.9);
    transform-origin: 0 0;
    transition: transform 200ms ease-out;
  }
  i:dir(rtl) {
    transform-origin: 100% 0;
  }
  .s0 {
    transform: scaleX(0.25);
  }
  .s1 {
    transform: scaleX(0.5);
  }
  p.notice {
    color: var(--_danger);
  }
  @media (pointer: coarse) {
    button {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --_quiet: var(--_text);
    }
    button {
      border-color: currentColor;
    }
  }
  @media (prefers-reduced-motion) {
    * {
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .face {
      border: 1px solid CanvasText;
    }
    button {
      border-color: ButtonText;
    }
    i {
      background: Highlight;
    }
  }
`;

import { css } from './css.js';

/**
 * Host, lobby, and what every face shares.
 *
 * All colours come from `--vc-surface`, `--vc-text`, `--vc-accent`, `--vc-danger` (and, in the room, `--vc-speaking`), whatever they are:
 * - `--_k`, in a relative colour of the space xyz, is 1 where white stands out more than black by WCAG 2's formula, else 0 (they are equal at a luminance of 0.179).
 * - `--_ink` is the luminance of text: softened black or white, pure where the surface is neither bright nor dark.
 * - `--_tone` is the grey with a contrast of 6.9 to the surface (or as much as there is). Coloured words and icons have the hue of their token and the lightness
 *   of this grey: half of each is mixed, and what the mixing halved is doubled again.
 * - `--_pole` is black or white: a step from the surface towards it (`--_fill`) is seen, and leaves what is written there readable.
 *
 * Lengths follow the host's text, so that everything grows with the reader: `--_u` is 1 px where the host's text has 16 px.
 * Words in another language than the page's keep their own direction (`plaintext`) and lie where the page wants them.
 */
export const styles = css`
  :host {
    --_k: clamp(0, (0.179 - y) * 9999, 1);
    --_ink: clamp(clamp(0, (y - 0.3) * 0.03, 0.008), (0.179 - y) * 9999, 1 - clamp(0, 0.1 - y, 0.1));
    --_t: var(--_k) * clamp(0.4, 6.9 * y + 0.3, 1) + (1 - var(--_k)) * clamp(0, y / 6.9 - 0.043, 0.125);
    --_p: clamp(0, (0.07 - y) * (0.179 - y) * (0.45 - y) * 9999999, 1);
    --_toned: calc(l * 2 - 0.5) min(c * 2, 0.17, l * 0.7 - 0.17) h;
    --_surface: var(--vc-surface, light-dark(oklch(0.968 0.003 265), oklch(0.235 0.009 265)));
    --_text: var(--vc-text, color(from var(--_surface) xyz-d65 calc(0.9505 * var(--_ink)) var(--_ink) calc(1.089 * var(--_ink))));
    --_accent: var(--vc-accent, light-dark(oklch(0.51 0.17 262), oklch(0.7 0.13 262)));
    --_tone: color(from var(--_surface) xyz-d65 calc(0.9505 * (var(--_t))) calc(var(--_t)) calc(1.089 * (var(--_t))));
    --_pole: color(from var(--_surface) xyz-d65 calc(0.9505 * var(--_p)) var(--_p) calc(1.089 * var(--_p)));
    --_danger: oklch(from color-mix(in oklab, oklab(from var(--vc-danger, oklch(0.55 0.2 26)) 0.5 a b), var(--_tone)) var(--_toned));
    --_quiet: oklch(from color-mix(in oklab, oklab(from var(--_text) 0.5 a b), var(--_tone)) var(--_toned));
    --_fill: color-mix(in oklab, var(--_pole) 9%, var(--_surface));
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
    all: initial;
    display: flex;
    box-sizing: border-box;
    flex-direction: column;
    gap: var(--_gap);
    block-size: 100%;
    padding: calc(var(--_gap) * 2);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font-family: var(--vc-font, inherit);
    font-size: 0.875em;
    line-height: 1.4286;
    text-align: left;
    overflow-wrap: break-word;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
  }
  .face:dir(rtl) {
    text-align: right;
  }
  .lobby {
    justify-content: center;
  }
  h2,
  p,
  button {
    margin: 0;
    font: inherit;
    unicode-bidi: plaintext;
  }
  h2,
  button {
    font-weight: 600;
  }
  button {
    position: relative;
    box-sizing: border-box;
    min-block-size: calc(40 * var(--_u));
    padding: 0 calc(14 * var(--_u));
    border: 1px solid #0000;
    border-radius: var(--_inner);
    background: var(--_back, var(--_fill));
    color: inherit;
    cursor: pointer;
    transition: background-color 120ms ease-out;
  }
  button:hover {
    background: color-mix(
      in oklab,
      var(--_back, var(--_fill)) 92%,
      color(from var(--_back, var(--_fill)) xyz-d65 calc(0.9505 * var(--_p)) var(--_p) calc(1.089 * var(--_p)))
    );
  }
  .primary {
    --_back: var(--_accent);
    color: color(from var(--_accent) xyz-d65 calc(0.9505 * var(--_k)) var(--_k) calc(1.089 * var(--_k)));
  }
  .enter {
    display: flex;
    gap: var(--_gap);
    max-inline-size: calc(480 * var(--_u));
  }
  .enter button {
    min-block-size: calc(48 * var(--_u));
    overflow: clip;
  }
  .enter [data-home] {
    flex: 1;
  }
  .icon {
    display: block;
    inline-size: calc(20em / 14);
    block-size: calc(20em / 14);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
  }
  [aria-disabled] {
    opacity: 0.6;
  }
  .quiet {
    color: var(--_quiet);
  }
  p.notice {
    color: var(--_danger);
  }
  :focus-visible {
    outline: 2px solid var(--_text);
    outline-offset: 2px;
  }
  @media (prefers-contrast: more) {
    :host {
      --_quiet: var(--_text);
    }
    button {
      border-color: currentColor;
    }
  }
  @media (forced-colors: active) {
    .face,
    button {
      border: 1px solid;
    }
  }
`;

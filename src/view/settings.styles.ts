import { css } from '../css.js';

/** What the panels share. */
export const settingsStyles = css`
  .panel {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
    outline: none;
  }
  .middle:has(.panel) {
    flex-basis: calc(364 * var(--_u));
  }
  .lobby:has(.panel) {
    justify-content: flex-start;
    overflow: auto;
  }
  .lobby > .panel {
    flex: 0 1 calc(400 * var(--_u));
    min-block-size: calc(240 * var(--_u));
    margin-block-start: var(--_gap);
  }
  .head {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(4 * var(--_u));
    margin-block-end: calc(4 * var(--_u));
  }
  h3 {
    flex: 1 1 min-content;
    min-inline-size: 0;
    margin: 0;
    font: inherit;
    font-weight: 600;
    hyphens: auto;
  }
  .panel .small {
    min-block-size: max(calc(28 * var(--_u)), var(--_touch));
    padding: 0 calc(4 * var(--_u));
    font-weight: 400;
  }
  .panel .word-button {
    padding-inline: calc(10 * var(--_u));
  }
  .fields {
    display: flex;
    flex-direction: column;
    gap: calc(10 * var(--_u));
    padding-block: 3px;
  }
  .fields[dir] {
    text-align: start;
  }
  .fields > * {
    flex: none;
  }
  .fields:not([dir]) > * {
    max-inline-size: calc(480 * var(--_u));
  }
  .field {
    display: grid;
    gap: calc(2 * var(--_u));
  }
  .field > span {
    color: var(--_quiet);
    font-size: calc(12em / 14);
  }
  .panel div.row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(8 * var(--_u));
  }
  .panel .row > span:first-child {
    flex: 1;
  }
  select {
    box-sizing: border-box;
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: max(calc(36 * var(--_u)), var(--_touch));
    padding: 0 calc(8 * var(--_u));
    border: 1px solid color-mix(in oklab, var(--_text) 12%, var(--_surface));
    border-radius: var(--_inner);
    background: var(--_fill);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }
  option {
    background: var(--_surface);
    color: var(--_text);
  }
  .panel .row select {
    flex: 1 1 8em;
    inline-size: auto;
  }
  .panel .row button,
  .panel .plain {
    min-block-size: max(calc(36 * var(--_u)), var(--_touch));
    font-weight: 400;
  }
  .round[aria-expanded='true'],
  .enter [aria-expanded='true'],
  .panel [aria-pressed='true'] {
    --_back: color-mix(in oklab, var(--_accent) 24%, var(--_surface));
  }
  .panel .row button:has(.icon) {
    display: flex;
    align-items: center;
    gap: calc(6 * var(--_u));
    padding-inline: calc(10 * var(--_u)) calc(14 * var(--_u));
  }
  .panel .row [part='meter'] {
    flex: 1 1 calc(80 * var(--_u));
    margin: 0;
  }
  .recording {
    outline: 2px solid var(--_accent);
  }
  .panel .row .icon {
    inline-size: calc(16em / 14);
    block-size: calc(16em / 14);
  }
  [part='meter'] {
    block-size: calc(6 * var(--_u));
    margin-block: calc(-4 * var(--_u)) calc(2 * var(--_u));
    overflow: hidden;
    border-radius: calc(3 * var(--_u));
    background: var(--_fill);
  }
  [part='meter'] i {
    position: static;
    display: block;
    block-size: 100%;
    border-radius: inherit;
    background: var(--_speaking);
    transform: scaleX(var(--vc-level, 0));
    transform-origin: 0 50%;
  }
  [part='meter']:dir(rtl) i {
    transform-origin: 100% 50%;
  }
  .panel .switch {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(12 * var(--_u));
    min-block-size: max(calc(36 * var(--_u)), var(--_touch));
    padding: 0;
    background: none;
    font-weight: 400;
    text-align: start;
  }
  .switch i {
    position: relative;
    inset: auto;
    flex: none;
    inline-size: calc(36 * var(--_u));
    block-size: calc(20 * var(--_u));
    border: 1px solid var(--_quiet);
    box-sizing: border-box;
    border-radius: calc(10 * var(--_u));
    background: none;
    transition: background-color 120ms ease-out;
  }
  .switch i::after {
    content: '';
    position: absolute;
    inset-block: calc(3 * var(--_u));
    inset-inline-start: calc(3 * var(--_u));
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--_quiet);
    transition: transform 120ms ease-out;
  }
  .switch[aria-checked='true'] i {
    border-color: var(--_accent);
    background: var(--_accent);
  }
  .switch[aria-checked='true'] i::after {
    background: color(from var(--_accent) xyz-d65 calc(0.9505 * var(--_k)) var(--_k) calc(1.089 * var(--_k)));
    transform: translateX(calc(16 * var(--_u)));
  }
  .switch[aria-checked='true']:dir(rtl) i::after {
    transform: translateX(calc(-16 * var(--_u)));
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(120 * var(--_u))), 1fr));
    gap: calc(10 * var(--_u)) calc(12 * var(--_u));
  }
  figure {
    margin: 0;
  }
  figcaption {
    display: flex;
    justify-content: space-between;
    gap: calc(6 * var(--_u));
    font-size: calc(12em / 14);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  figcaption span {
    color: var(--_quiet);
  }
  .plot {
    display: block;
    inline-size: 100%;
    block-size: calc(28 * var(--_u));
    border-radius: calc(4 * var(--_u));
    background: var(--_fill);
  }
  .plot polyline {
    fill: none;
    stroke: var(--_accent);
    stroke-width: 1.4px;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(0, auto) minmax(0, 1fr);
    gap: calc(2 * var(--_u)) calc(12 * var(--_u));
    margin: 0;
    font-size: calc(12em / 14);
  }
  dt {
    color: var(--_quiet);
    overflow-wrap: anywhere;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    font-variant-numeric: tabular-nums;
    user-select: text;
  }
  @container (max-width: 18em) {
    .head:has([part='copy-button']) h3 {
      flex-basis: 100%;
    }
    [part='close-button'] {
      margin-inline-start: auto;
    }
  }
  @media (prefers-contrast: more) {
    .panel select,
    .switch i {
      border-color: currentColor;
    }
  }
  @media (pointer: coarse) {
    /* iOS magnifies a page to a field with smaller letters. */
    select {
      font-size: max(16px, 1em);
    }
  }
  @media (forced-colors: active) {
    .switch[aria-checked='true'] i {
      background: Highlight;
    }
    .switch i::after {
      background: CanvasText;
    }
    .plot,
    [part='meter'] {
      border: 1px solid CanvasText;
    }
  }
`;

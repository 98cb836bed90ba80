import { css } from '../css.js';

/** What stands in tips, and the rows of people with their menus. */
export const controlsStyles = css`
  .tip {
    display: flex;
    gap: calc(8em / 12);
  }
  .tip[data-key]::before {
    content: attr(data-key);
    content: attr(data-key) / '';
    order: 1;
    opacity: 0.7;
  }
  li {
    --_outset: min(calc(6 * var(--_u)), var(--_gap));
    margin-inline: calc(-1 * var(--_outset));
  }
  li .row {
    display: flex;
    box-sizing: border-box;
    align-items: center;
    gap: calc(4 * var(--_u));
    inline-size: 100%;
    block-size: calc(44 * var(--_u));
    min-inline-size: 0;
    padding-inline: var(--_outset);
  }
  .room button.row {
    --_back: transparent;
    --_behind: var(--_surface);
    border: 0;
    font-weight: 400;
    text-align: start;
  }
  .room button.row:hover,
  .room .open > button.row {
    background: color-mix(in oklab, var(--_text) 6%, var(--_surface));
    --_behind: color-mix(in oklab, var(--_text) 6%, var(--_surface));
  }
  .room button.row:focus-visible {
    outline-offset: -2px;
  }
  .alike,
  .share {
    flex: none;
  }
  [part='participant-menu'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(6 * var(--_u)) calc(12 * var(--_u));
    padding-block: calc(4 * var(--_u)) calc(10 * var(--_u));
    padding-inline: calc(42 * var(--_u) + var(--_outset)) var(--_outset);
  }
  .slider {
    display: grid;
    flex: 1 1 calc(150 * var(--_u));
    grid-template-columns: 1fr auto;
    align-items: center;
    column-gap: calc(8 * var(--_u));
    min-inline-size: 0;
  }
  .slider > span {
    grid-column: 1 / -1;
    color: var(--_quiet);
    font-size: calc(12em / 14);
    line-height: 1.2;
  }
  .slider output {
    min-inline-size: 3.2em;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  input[type='range'] {
    inline-size: 100%;
    min-inline-size: 0;
    block-size: calc(24 * var(--_u));
    margin: 0;
    accent-color: var(--_accent);
  }
  .room [part='hush-button'] {
    display: flex;
    align-items: center;
    gap: calc(6 * var(--_u));
    min-block-size: max(calc(32 * var(--_u)), var(--_touch));
    padding-inline: calc(10 * var(--_u));
    font-weight: 400;
  }
  .notice.long p {
    flex-basis: calc(100% - 40 * var(--_u));
  }
  .notice.long button {
    margin-block-end: calc(2 * var(--_u));
  }
  [part='speakers'] {
    display: flex;
    flex: none;
    align-items: center;
    gap: calc(6 * var(--_u));
    block-size: calc(20 * var(--_u));
    opacity: 0;
    transition: opacity 120ms ease-out;
  }
  [part='speakers'].anybody {
    opacity: 1;
  }
  [part='speakers'] .icon {
    color: var(--_speaking);
  }
  @container (max-width: 18em) {
    [part='participant-menu'] {
      padding-inline-start: var(--_outset);
    }
  }
  @media (pointer: coarse) {
    .tip::before {
      display: none;
    }
    input[type='range'] {
      block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    [part='hush-button'][aria-pressed='true'] {
      border-color: Highlight;
    }
  }
`;

import { css } from '../css.js';

/** How many hues avatars have; each is a class `.h<n>`. */
export const hues = 12;

/** Who is here: rows of people with their menus. */
export const rosterStyles = css`
  .people:focus-visible {
    outline-offset: -2px;
    border-radius: var(--_inner);
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(240 * var(--_u))), 1fr));
    column-gap: calc(var(--_gap) * 2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  [part='avatar'] {
    position: relative;
    display: grid;
    flex: none;
    place-items: center;
    inline-size: calc(32em / 12);
    block-size: calc(32em / 12);
    margin-inline-end: calc(6em / 12);
    border-radius: 50%;
    background: oklch(0.87 0.07 calc(var(--_hue) * 30));
    color: oklch(0.33 0.08 calc(var(--_hue) * 30));
    font-size: calc(12em / 14);
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }
  [part='avatar']::after {
    content: '';
    position: absolute;
    inset: -4px;
    border: 2px solid var(--_speaking);
    border-radius: inherit;
    opacity: 0;
    transform: scale(0.9);
    transition:
      opacity 120ms ease-out,
      transform 120ms ease-out;
  }
  .speaking [part='avatar']::after {
    opacity: 1;
    transform: scale(calc(1 + 0.12 * var(--vc-level, 0)));
  }
  .reconnecting li,
  .away {
    [part='avatar'] {
      filter: grayscale(0.8);
    }
    [part='name'] {
      color: var(--_quiet);
    }
    [part='avatar']::after {
      opacity: 0;
    }
  }
  [part='name'] {
    font-weight: 600;
  }
  .state {
    display: flex;
    flex: none;
    align-items: center;
    gap: calc(6 * var(--_u));
    color: var(--_quiet);
  }
  .state:last-child:not(.poor:has(.unseen)),
  .state:has(.word) {
    margin-inline-start: auto;
  }
  .state.speaking {
    color: var(--_speaking);
  }
  :is(.state, [part='speakers'], [part='hush-button']) .icon {
    inline-size: calc(16em / 14);
    block-size: calc(16em / 14);
    stroke-width: 1.8;
  }
  [part='empty'] {
    padding-block: calc(12 * var(--_u));
    color: var(--_quiet);
  }
  li {
    min-inline-size: 0;
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
    block-size: max(calc(24 * var(--_u)), var(--_touch));
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
  ${Array.from({ length: hues }, (_, hue) => `.h${hue}{--_hue:${hue}}`).join('')}
  @container (max-width: 18em) {
    .word {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    [part='participant-menu'] {
      padding-inline-start: var(--_outset);
    }
  }
  @media (prefers-reduced-motion) {
    .speaking [part='avatar']::after {
      transform: none;
    }
  }
  @media (forced-colors: active) {
    [part='avatar'] {
      border: 1px solid CanvasText;
    }
    [part='hush-button'][aria-pressed='true'] {
      border-color: Highlight;
    }
  }
`;

import { css } from '../css.js';

/** A launcher in a corner of the window, a panel, a pill. */
export const floatingStyles = css`
  :host {
    position: fixed;
    inset: 0 auto auto 0;
    inline-size: 0;
    block-size: 0;
    container-type: normal;
  }
  .shell {
    --_u: calc(1em / 16);
    --_edge: 16px;
    all: initial;
    --_shadow: 0 12px 32px -8px oklch(0 0 0 / 0.35), 0 0 0 1px color-mix(in oklab, var(--_text) 10%, transparent);
    display: block;
    position: fixed;
    z-index: 2147483000;
    box-sizing: border-box;
    inline-size: max-content;
    max-inline-size: calc(100vw - 2 * var(--_edge));
    color: var(--_text);
    font-family: inherit;
    font-size: inherit;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
    &[data-corner^='bottom'] {
      bottom: calc(max(var(--_edge), env(safe-area-inset-bottom, 0px), var(--_y, 0px)) + var(--_covered, 0px));
    }
    &[data-corner^='top'] {
      top: max(var(--_edge), env(safe-area-inset-top, 0px), var(--_y, 0px));
    }
    &[data-corner$='right'] {
      right: max(var(--_edge), env(safe-area-inset-right, 0px), var(--_x, 0px));
    }
    &[data-corner$='left'] {
      left: max(var(--_edge), env(safe-area-inset-left, 0px), var(--_x, 0px));
    }
  }
  [data-grip] {
    touch-action: none;
    user-select: none;
  }
  .icon {
    flex: none;
    inline-size: calc(20 * var(--_u));
    block-size: calc(20 * var(--_u));
    stroke-linejoin: round;
  }
  [part='launcher-button'] {
    display: grid;
    place-items: center;
    inline-size: calc(56 * var(--_u));
    block-size: calc(56 * var(--_u));
    padding: 0;
    border-radius: 50%;
    box-shadow: var(--_shadow);
    .icon {
      inline-size: calc(26 * var(--_u));
      block-size: calc(26 * var(--_u));
    }
    &.troubled::after {
      content: '!';
      position: absolute;
      inset-block-start: -2px;
      inset-inline-end: -2px;
      display: grid;
      place-items: center;
      inline-size: calc(20 * var(--_u));
      block-size: calc(20 * var(--_u));
      border-radius: 50%;
      background: var(--_danger);
      color: var(--_surface);
      font-size: 0.75em;
    }
  }
  [part='panel'] {
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    inline-size: calc(320 * var(--_u));
    max-inline-size: 100%;
    max-block-size: calc(100dvh - 2 * var(--_edge) - var(--_covered, 0px));
    overflow: hidden auto;
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    .face {
      flex: 1 0 auto;
      block-size: auto;
      padding-block-start: calc(var(--_gap) / 2);
    }
  }
  .bar {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: center;
    min-block-size: calc(28 * var(--_u));
    padding-inline: calc(6 * var(--_u));
    border-radius: inherit;
    --_back: transparent;
    button {
      display: grid;
      place-items: center;
      min-block-size: calc(24 * var(--_u));
      padding: 0;
    }
  }
  [part='move-button'] {
    inline-size: calc(64 * var(--_u));
    margin-inline: auto;
    translate: calc(14 * var(--_u)) 0;
    cursor: grab;
    &:dir(rtl) {
      translate: calc(-14 * var(--_u)) 0;
    }
    i {
      position: static;
      inline-size: calc(36 * var(--_u));
      block-size: 4px;
      border-radius: 2px;
      background: color-mix(in oklab, var(--_text) 28%, var(--_surface));
    }
  }
  [part='hide-button'] {
    inline-size: calc(28 * var(--_u));
  }
  [part='pill'] {
    display: flex;
    align-items: center;
    gap: calc(4 * var(--_u));
    box-sizing: border-box;
    max-inline-size: calc(320 * var(--_u));
    block-size: calc(48 * var(--_u));
    padding: calc(6 * var(--_u));
    border-radius: calc(24 * var(--_u));
    background: var(--_surface);
    box-shadow: var(--_shadow);
    --_u: calc(1em / 14);
    font-family: var(--vc-font, inherit);
    font-size: 0.875em;
    line-height: 1.4286;
    cursor: grab;
    > button {
      min-block-size: calc(36 * var(--_u));
      border-radius: calc(18 * var(--_u));
    }
    .talk {
      flex: 0 1 auto;
      padding-inline: calc(12 * var(--_u));
      overflow: hidden;
      white-space: nowrap;
      kbd {
        display: none;
      }
      span {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    }
    > .round {
      inline-size: calc(36 * var(--_u));
    }
  }
  [part='show-button'] {
    display: flex;
    flex: 0 1 auto;
    align-items: center;
    gap: calc(6 * var(--_u));
    min-inline-size: 0;
    padding-inline: calc(8 * var(--_u));
    --_back: transparent;
    .icon {
      color: var(--_quiet);
    }
    [part='time'] {
      min-inline-size: 2.6em;
      color: var(--_quiet);
      font-size: 0.857em;
      font-weight: 400;
      font-variant-numeric: tabular-nums;
    }
  }
  .trouble {
    .icon {
      color: inherit;
    }
    &:has(.broken, .long) .icon {
      color: var(--_danger);
    }
    [part='name'] {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      font-size: calc(12em / 14);
      line-height: 1.25;
      text-align: start;
      white-space: normal;
    }
  }
  .speaking [part='show-button'] .icon {
    color: var(--_speaking, var(--_text));
  }
  @media (prefers-reduced-motion: no-preference) {
    [part='panel'],
    [part='pill'] {
      transition:
        opacity 200ms ease-out,
        transform 200ms ease-out;
      @starting-style {
        opacity: 0;
        transform: translateY(8px);
      }
    }
  }
  @media (pointer: coarse) {
    .bar button,
    [part='pill'] > button {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
    [part='pill'] {
      block-size: 56px;
      border-radius: 28px;
    }
  }
  @media (prefers-contrast: more) {
    [part='panel'],
    [part='pill'] {
      border: 1px solid;
    }
  }
  @media (prefers-reduced-transparency) {
    .shell {
      --_shadow: 0 0 0 1px color-mix(in oklab, var(--_text) 30%, var(--_surface));
    }
  }
  @media (forced-colors: active) {
    [part='panel'],
    [part='pill'],
    [part='launcher-button'] {
      border: 1px solid CanvasText;
    }
  }
`;

import { css } from '../css.js';

/** What I can do, and the tips that name it. */
export const controlsStyles = css`
  [part='controls'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_gap);
  }
  [part='leave-button'] {
    margin-inline-start: auto;
    color: var(--_danger);
  }
  .round {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: calc(40 * var(--_u));
    padding: 0;
    border-radius: 50%;
  }
  :is(.round, [part='hush-button'])[aria-pressed='true'] {
    --_back: color-mix(in oklab, var(--_danger) 18%, var(--_surface));
    --_behind: var(--_back);
    color: var(--_danger);
  }
  .tip {
    display: flex;
    gap: calc(8em / 12);
    position: absolute;
    inset-block-end: calc(100% + 6px);
    z-index: 1;
    padding: calc(3em / 12) calc(8em / 12);
    border-radius: 6px;
    background: var(--_text);
    color: var(--_surface);
    font-size: calc(12em / 14);
    font-weight: 400;
    white-space: nowrap;
    opacity: 0;
    pointer-events: none;
    transition: opacity 120ms ease-out;
  }
  .tip[data-key]::before {
    content: attr(data-key);
    content: attr(data-key) / '';
    order: 1;
    opacity: 0.7;
  }
  .tip::after {
    content: '';
    position: absolute;
    inset: 100% 0 -6px;
  }
  .round:first-child .tip {
    inset-inline-start: 0;
  }
  .round:hover .tip {
    transition-delay: 400ms;
  }
  .round:is(:hover, :focus-visible):not(.quieted) .tip {
    opacity: 1;
    pointer-events: auto;
  }
  @container (max-width: 18em) {
    [part='controls'] {
      gap: calc(var(--_gap) / 2);
    }
    [part='leave-button'] {
      flex: auto;
      padding-inline: calc(8 * var(--_u));
    }
  }
  @media (pointer: coarse) {
    /* After a tap the hover stays, and its tip would lie over what is tapped next. */
    .round:hover:not(:focus-visible) .tip {
      opacity: 0;
      pointer-events: none;
    }
    .tip::before {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .round[aria-pressed='true'] {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      --_behind: Highlight;
      color: HighlightText;
    }
    .tip {
      border: 1px solid CanvasText;
    }
  }
`;
